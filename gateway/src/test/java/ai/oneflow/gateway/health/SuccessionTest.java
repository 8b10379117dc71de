package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.health.CredentialPool.Census;
import ai.oneflow.gateway.health.CredentialPool.Takeover;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long now = -5_000_000_000L;
  private Succession.Line line = Succession.Line.of(credentials("a"));
  private CredentialPool pool = new CredentialPool(line, now);

  private static List<Credential> credentials(String... keys) {
    return Stream.of(keys).map(SuccessionTest::credential).toList();
  }

  private static Credential credential(String key) {
    return key.equals("none") ? new Credential.None() : new Credential.ApiKey(new Secret(key));
  }

  private void begin(String... keys) {
    line = Succession.Line.of(credentials(keys));
    pool = new CredentialPool(line, now);
  }

  private void change(String... keys) {
    line = line.changedTo(credentials(keys), now);
    pool = pool.changedTo(line, now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private List<String> kept() {
    return line.successions().stream()
        .filter(succession -> succession.isOpen(now))
        .map(s -> s.place() + " for " + name(s.former().orElseThrow()))
        .toList();
  }

  private static String name(Credential credential) {
    return credential instanceof Credential.ApiKey(var secret) ? secret.reveal() : "none";
  }

  /// What was there, what comes, and what is kept of that which was there; words have blanks.
  @ParameterizedTest
  @CsvSource({
    "a, a, ''",
    "a, b, 0 for a",
    "a b c, a x c, 1 for b",
    "a b, b x, 1 for a",
    "a b, x y, '0 for a, 1 for b'",
    "a b, b, ''",
    "a b, x, 0 for a",
    "a, a b, ''",
    "a, x y, 0 for a",
    "none, a, ''",
    "a, none, ''",
  })
  void theFirstThatIsNewTakesThePlaceOfTheFirstThatIsGone(String before, String now, String kept) {
    begin(before.split(" ", -1));
    change(now.split(" ", -1));

    assertThat(String.join(", ", kept())).isEqualTo(kept);
  }

  @Test
  void theNewOneIsUsedAndTheOneBeforeItIsNot() {
    change("b");

    assertThat(List.of(pool.take(now), pool.take(now), pool.take(now))).containsOnly(0);
    assertThat(pool.takeovers(now)).isEmpty();
    assertThat(pool.census(now)).isEqualTo(new Census(1, 0, 0));
  }

  @Test
  void theOneBeforeItTakesOverWhereTheNewOneIsRefused() {
    change("b");

    assertThat(pool.refused(pool.take(now), MINUTE, now)).isTrue();

    assertThat(pool.isRefused(0)).isTrue();
    assertThat(pool.take(now)).isEqualTo(1);
    pool.proven(1);
    assertThat(pool.take(now)).isEqualTo(1);
    assertThat(pool.closedNanos(now)).isZero();
    assertThat(pool.takeovers(now)).containsExactly(new Takeover(0, true));
    assertThat(pool.census(now)).isEqualTo(new Census(0, 0, 1));
    assertThat(kept()).containsExactly("0 for a");
  }

  @Test
  void theNewOneIsTriedAgainAndTheOneBeforeItForgottenOnceItIsAccepted() {
    change("b");
    pool.refused(0, MINUTE, now);
    pass(MINUTE.plusNanos(1));

    List<Integer> taken = List.of(pool.take(now), pool.take(now), pool.take(now));
    assertThat(taken).containsOnlyOnce(0);
    pool.proven(0);

    assertThat(kept()).isEmpty();
    assertThat(line.successions().getFirst().former()).isEmpty();
    assertThat(pool.takeovers(now)).isEmpty();
    assertThat(pool.refused(0, MINUTE, now)).as("there is no other any more").isFalse();
    assertThat(pool.take(now)).isZero();
  }

  @Test
  void anAnswerThatIsNoSuccessForgetsNothing() {
    change("b");

    pool.accepted(0);
    pool.pause(0, MINUTE, now);

    assertThat(kept()).containsExactly("0 for a");
    assertThat(pool.take(now)).as("a limit is no refusal").isEqualTo(-1);
  }

  @Test
  void nothingIsKeptForLongerThanADay() {
    change("b");
    pool.refused(0, MINUTE, now);
    pass(Duration.ofHours(24).minusNanos(1));
    assertThat(pool.takeovers(now)).hasSize(1);

    pass(Duration.ofNanos(1));

    assertThat(pool.takeovers(now)).isEmpty();
    assertThat(line.successions().getFirst().former()).isEmpty();
    assertThat(pool.take(now)).isZero();
  }

  @Test
  void whereBothAreRefusedTheAccountShowsAsDead() {
    change("b");
    assertThat(pool.refused(0, MINUTE, now)).isTrue();

    assertThat(pool.refused(1, MINUTE, now)).isFalse();

    assertThat(pool.isRefused(1)).isFalse();
    assertThat(pool.take(now)).isEqualTo(1);
  }

  @Test
  void whatWasReplacedBeforeItWasEverAcceptedIsNotWhatIsKept() {
    change("typo");
    pool.refused(0, MINUTE, now);
    pass(Duration.ofHours(20));
    change("another typo");

    assertThat(kept()).containsExactly("0 for a");
    pool.refused(0, MINUTE, now);
    assertThat(pool.take(now)).isEqualTo(1);
    pass(Duration.ofHours(4));
    assertThat(kept()).as("a day after it was replaced").isEmpty();
  }

  @Test
  void whatWasAcceptedIsWhatIsKeptNext() {
    change("b");
    pool.proven(0);
    change("c");

    assertThat(kept()).containsExactly("0 for b");
  }

  @Test
  void whoGoesBackKeepsNothing() {
    change("b");
    pool.refused(0, MINUTE, now);
    change("a");

    assertThat(kept()).isEmpty();
    assertThat(pool.take(now)).isZero();
  }

  @Test
  void whatIsKeptOutlivesChangesAroundIt() {
    change("b");
    pool.refused(0, MINUTE, now);
    Succession.Line before = line;
    change("b");
    assertThat(line).as("nothing to make a new pool for").isEqualTo(before);

    change("c", "b");

    assertThat(kept()).containsExactly("1 for a");
    assertThat(pool.take(now)).isZero();
    assertThat(pool.isRefused(1)).isTrue();
    assertThat(pool.takeovers(now)).containsExactly(new Takeover(1, true));
  }

  @Test
  void besideOthersOfAPoolItTakesTheTurnsOfItsSuccessor() {
    begin("a", "b", "c");
    change("a", "x", "c");
    pool.refused(1, MINUTE, now);

    List<Integer> taken = Stream.generate(() -> pool.take(now)).limit(6).toList();

    assertThat(taken).containsExactlyInAnyOrder(0, 2, 3, 0, 2, 3);
    assertThat(pool.census(now)).isEqualTo(new Census(2, 0, 1));
  }

  @Test
  void noWordShowsACredential() {
    change("sesame");

    assertThat(line.toString()).doesNotContain("sesame");
  }
}
