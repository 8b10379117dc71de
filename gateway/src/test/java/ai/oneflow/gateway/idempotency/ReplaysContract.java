package ai.oneflow.gateway.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every keeper of names does. Each test has a name of its own.
public abstract class ReplaysContract {
  private static final Duration LEASE = Duration.ofMillis(Replays.LEASE_MILLIS);
  private static final Duration DAY = Duration.ofMillis(Replays.KEPT_MILLIS);
  private static final String BODY = "a".repeat(64);
  private static final String OTHER_BODY = "b".repeat(64);

  protected final List<String> told = new CopyOnWriteArrayList<>();
  private int names;

  protected abstract Replays replays();

  /// Moves the clock of the names on.
  protected abstract void pass(Duration time);

  /// Waits until what was said of turns has arrived.
  protected abstract void settleDown();

  /// What became of a name before the event.
  enum State {
    FREE,
    CLAIMED,
    LAPSED,
    TAKEN_BY_ANOTHER,
    LET_GO,
    KEPT,
    NOT_KEPT,
    FORGOTTEN
  }

  /// What happens to it: claims by others, and what the one who claimed it first says.
  enum Event {
    CLAIM,
    CLAIM_WITH_ANOTHER_BODY,
    RENEW,
    CONCLUDE,
    CONCLUDE_UNKEPT,
    LET_GO,
    LEASE_PASSES,
    DAY_PASSES
  }

  /// What a claim comes to: the event's own, or the next with the same body.
  enum Seen {
    FIRST,
    UNDER_WAY,
    MISMATCH,
    KEPT_FIRST,
    KEPT_SECOND,
    NOT_KEPT
  }

  @ParameterizedTest
  @CsvSource({
    "FREE, CLAIM, FIRST",
    "FREE, CLAIM_WITH_ANOTHER_BODY, FIRST",
    "FREE, LEASE_PASSES, FIRST",
    "FREE, DAY_PASSES, FIRST",
    "CLAIMED, CLAIM, UNDER_WAY",
    "CLAIMED, CLAIM_WITH_ANOTHER_BODY, MISMATCH",
    "CLAIMED, RENEW, UNDER_WAY",
    "CLAIMED, CONCLUDE, KEPT_SECOND",
    "CLAIMED, CONCLUDE_UNKEPT, NOT_KEPT",
    "CLAIMED, LET_GO, FIRST",
    "CLAIMED, LEASE_PASSES, FIRST",
    "CLAIMED, DAY_PASSES, FIRST",
    "LAPSED, CLAIM, FIRST",
    "LAPSED, CLAIM_WITH_ANOTHER_BODY, FIRST",
    "LAPSED, RENEW, UNDER_WAY",
    "LAPSED, CONCLUDE, KEPT_SECOND",
    "LAPSED, CONCLUDE_UNKEPT, NOT_KEPT",
    "LAPSED, LET_GO, FIRST",
    "LAPSED, LEASE_PASSES, FIRST",
    "LAPSED, DAY_PASSES, FIRST",
    "TAKEN_BY_ANOTHER, CLAIM, UNDER_WAY",
    "TAKEN_BY_ANOTHER, CLAIM_WITH_ANOTHER_BODY, MISMATCH",
    "TAKEN_BY_ANOTHER, RENEW, UNDER_WAY",
    "TAKEN_BY_ANOTHER, CONCLUDE, UNDER_WAY",
    "TAKEN_BY_ANOTHER, CONCLUDE_UNKEPT, UNDER_WAY",
    "TAKEN_BY_ANOTHER, LET_GO, UNDER_WAY",
    "TAKEN_BY_ANOTHER, LEASE_PASSES, FIRST",
    "TAKEN_BY_ANOTHER, DAY_PASSES, FIRST",
    "LET_GO, CLAIM, FIRST",
    "LET_GO, CLAIM_WITH_ANOTHER_BODY, FIRST",
    "LET_GO, RENEW, UNDER_WAY",
    "LET_GO, CONCLUDE, KEPT_SECOND",
    "LET_GO, CONCLUDE_UNKEPT, NOT_KEPT",
    "LET_GO, LET_GO, FIRST",
    "LET_GO, LEASE_PASSES, FIRST",
    "LET_GO, DAY_PASSES, FIRST",
    "KEPT, CLAIM, KEPT_FIRST",
    "KEPT, CLAIM_WITH_ANOTHER_BODY, MISMATCH",
    "KEPT, RENEW, KEPT_FIRST",
    "KEPT, CONCLUDE, KEPT_FIRST",
    "KEPT, CONCLUDE_UNKEPT, KEPT_FIRST",
    "KEPT, LET_GO, KEPT_FIRST",
    "KEPT, LEASE_PASSES, KEPT_FIRST",
    "KEPT, DAY_PASSES, FIRST",
    "NOT_KEPT, CLAIM, NOT_KEPT",
    "NOT_KEPT, CLAIM_WITH_ANOTHER_BODY, MISMATCH",
    "NOT_KEPT, RENEW, NOT_KEPT",
    "NOT_KEPT, CONCLUDE, NOT_KEPT",
    "NOT_KEPT, CONCLUDE_UNKEPT, NOT_KEPT",
    "NOT_KEPT, LET_GO, NOT_KEPT",
    "NOT_KEPT, LEASE_PASSES, NOT_KEPT",
    "NOT_KEPT, DAY_PASSES, FIRST",
    "FORGOTTEN, CLAIM, FIRST",
    "FORGOTTEN, CLAIM_WITH_ANOTHER_BODY, FIRST",
    "FORGOTTEN, RENEW, UNDER_WAY",
    "FORGOTTEN, CONCLUDE, KEPT_SECOND",
    "FORGOTTEN, CONCLUDE_UNKEPT, NOT_KEPT",
    "FORGOTTEN, LET_GO, FIRST",
    "FORGOTTEN, LEASE_PASSES, FIRST",
    "FORGOTTEN, DAY_PASSES, FIRST"
  })
  protected void followsTheTable(State state, Event event, Seen seen) {
    String name = nextName();
    List<Turn> turns = bring(name, state);

    assertThat(after(name, event, turns)).isEqualTo(seen);
  }

  /// Whoever had the name first comes first in the list.
  private List<Turn> bring(String name, State state) {
    List<Turn> turns = new ArrayList<>();
    if (state == State.FREE) {
      return turns;
    }
    Turn turn = first(name);
    turns.add(turn);
    switch (state) {
      case FREE, CLAIMED -> {}
      case LAPSED -> pass(LEASE);
      case TAKEN_BY_ANOTHER -> {
        pass(LEASE);
        turns.add(first(name));
      }
      case LET_GO -> turn.letGo();
      case KEPT -> turn.conclude(answer("first"));
      case NOT_KEPT -> turn.conclude(new Conclusion.NotKept());
      case FORGOTTEN -> {
        turn.conclude(answer("first"));
        settleDown();
        pass(DAY);
      }
    }
    settleDown();
    return turns;
  }

  private Seen after(String name, Event event, List<Turn> turns) {
    switch (event) {
      case CLAIM -> {}
      case CLAIM_WITH_ANOTHER_BODY -> {
        return seen(claim(name, OTHER_BODY));
      }
      case RENEW -> turns.getFirst().renew();
      case CONCLUDE -> turns.getFirst().conclude(answer("second"));
      case CONCLUDE_UNKEPT -> turns.getFirst().conclude(new Conclusion.NotKept());
      case LET_GO -> turns.getFirst().letGo();
      case LEASE_PASSES -> pass(LEASE);
      case DAY_PASSES -> pass(DAY);
    }
    settleDown();
    return seen(claim(name, BODY));
  }

  private static Seen seen(Claim claim) {
    return switch (claim) {
      case Claim.First(_) -> Seen.FIRST;
      case Claim.UnderWay() -> Seen.UNDER_WAY;
      case Claim.Mismatch() -> Seen.MISMATCH;
      case Claim.Concluded(Conclusion.NotKept()) -> Seen.NOT_KEPT;
      case Claim.Concluded(Conclusion.Kept(var answer)) ->
          new String(answer.body(), UTF_8).equals("first") ? Seen.KEPT_FIRST : Seen.KEPT_SECOND;
      case Claim.Unreachable() -> throw new AssertionError("names cannot be reached");
    };
  }

  @Test
  protected void holdsANameForAsLongAsItIsRenewed() {
    String name = nextName();
    Turn turn = first(name);

    for (int i = 0; i < 20; i++) {
      pass(LEASE.dividedBy(3));
      turn.renew();
      settleDown();
      assertThat(claim(name, BODY)).isInstanceOf(Claim.UnderWay.class);
    }
    pass(LEASE);

    assertThat(claim(name, BODY)).isInstanceOf(Claim.First.class);
  }

  @Test
  protected void givesTheAnswerBackAsItWas() {
    String name = nextName();
    byte[] body = new byte[1 << 20];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
    }
    StoredAnswer answer = new StoredAnswer(201, Map.of("content-type", "a/b", "x", "é"), body);

    first(name).conclude(new Conclusion.Kept(answer));
    settleDown();

    assertThat(claim(name, BODY))
        .isInstanceOfSatisfying(
            Claim.Concluded.class,
            concluded -> {
              StoredAnswer again = ((Conclusion.Kept) concluded.conclusion()).answer();
              assertThat(again.status()).isEqualTo(201);
              assertThat(again.headers()).isEqualTo(answer.headers());
              assertThat(again.body()).isEqualTo(body);
            });
  }

  @Test
  protected void keepsAnswersForADayAndNoLonger() {
    String name = nextName();
    first(name).conclude(answer("first"));
    settleDown();

    pass(DAY.minusSeconds(1));
    assertThat(seen(claim(name, BODY))).isEqualTo(Seen.KEPT_FIRST);
    pass(Duration.ofSeconds(1));

    assertThat(claim(name, BODY)).isInstanceOf(Claim.First.class);
  }

  @Test
  protected void hasOneFirstOfManyAtOnce() throws InterruptedException {
    String name = nextName();
    List<Claim> claims = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(200);
    for (int i = 0; i < 200; i++) {
      Thread.startVirtualThread(
          () -> {
            claims.add(claim(name, BODY));
            all.countDown();
          });
    }

    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(claims).filteredOn(Claim.First.class::isInstance).hasSize(1);
    assertThat(claims).filteredOn(Claim.UnderWay.class::isInstance).hasSize(199);
  }

  @Test
  protected void tellsThatANameWasConcludedOrLetGo() {
    String concluded = nextName();
    String free = nextName();

    first(concluded).conclude(answer("first"));
    first(free).letGo();
    settleDown();

    assertThat(told).containsExactlyInAnyOrder(concluded, free);
  }

  protected final Turn first(String name) {
    Claim claim = claim(name, BODY);
    assertThat(claim).isInstanceOf(Claim.First.class);
    return ((Claim.First) claim).turn();
  }

  protected final Claim claim(String name, String body) {
    return claim(replays(), new Identity(name, body, new AnswerSeal(new byte[] {1}, name)));
  }

  protected static Claim claim(Replays replays, Identity identity) {
    CompletableFuture<Claim> claim = new CompletableFuture<>();
    replays.claim(identity, Runnable::run, claim::complete);
    return claim.orTimeout(30, TimeUnit.SECONDS).join();
  }

  protected static Conclusion answer(String body) {
    return new Conclusion.Kept(
        new StoredAnswer(200, Map.of("content-type", "application/json"), body.getBytes(UTF_8)));
  }

  protected final String nextName() {
    return "name-" + names++;
  }
}
