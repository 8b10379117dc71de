package ai.oneflow.operator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ApiKeySpec;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPlanTest {
  private static final Instant MADE = Instant.parse("2026-05-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final MintedKey KEY = MintedKey.mint(new Random(1));
  private static final String FORMER = "f".repeat(64);

  /// Whether the key that is there was made for no value or for `a`, and whether there is a former
  /// one, which works until the third day; what the annotation says, and what `every` is in days,
  /// where there is any; after how many days one looks; what comes out.
  @ParameterizedTest
  @CsvSource({
    "-, -, -, -,  0, rests for ever",
    "-, -, -, -, 99, rests for ever",
    "-, -, a, -,  0, rotates for a",
    "a, -, a, -,  0, rests for ever",
    "a, -, -, -,  0, rests for ever",
    "a, -, b, -,  0, rotates for b",
    "-, -, -, 9,  0, rests until day 9",
    "-, -, -, 9,  8, rests until day 9",
    "-, -, -, 9,  9, rotates for -",
    "a, -, a, 9,  9, rotates for a",
    "a, -, -, 9, 30, rotates for a",
    "a, -, b, 9,  9, rotates for b",
    "-, former, -, -, 2, rests until day 3",
    "-, former, -, 9, 2, rests until day 3",
    "-, former, -, 1, 0, rests until day 1",
    "-, former, -, -, 3, prunes",
    "-, former, -, 9, 3, prunes",
    "a, former, b, -, 2, rotates for b",
    "a, former, b, -, 3, rotates for b",
  })
  void isMadeOfWhatIsThereAndWhatIsAskedFor(
      String madeFor, String former, String asked, String every, int days, String outcome) {
    List<FormerKey> formers =
        former.equals("-")
            ? List.of()
            : List.of(new FormerKey(FORMER, MADE.plus(DAY.multipliedBy(3))));
    Secret secret = secret(new KeyHistory(MADE, madeFor.equals("-") ? "" : madeFor, formers));
    ApiKey owner = owner(asked, every.equals("-") ? "null" : "{\"every\": \"" + every + "d\"}");

    KeyPlan plan = KeyPlan.of(owner, secret, KEY, MADE.plus(DAY.multipliedBy(days)));

    assertThat(words(plan)).isEqualTo(outcome);
  }

  private static String words(KeyPlan plan) {
    return switch (plan) {
      case KeyPlan.Rest(var until) ->
          "rests "
              + until
                  .map(at -> "until day " + Duration.between(MADE, at).toDays())
                  .orElse("for ever");
      case KeyPlan.Rotate(var history, _) ->
          "rotates for " + (history.madeFor().isEmpty() ? "-" : history.madeFor());
      case KeyPlan.Prune(var history) -> history.formers().isEmpty() ? "prunes" : "prunes in part";
    };
  }

  @Test
  void theOldKeyWorksOnForAWeekOrForTheGraceThatIsSaid() {
    Secret secret = secret(KeyHistory.begun(MADE, ""));

    assertThat(rotate(owner("a", "null"), secret, MADE).formers())
        .containsExactly(new FormerKey(KEY.sha256(), MADE.plus(WEEK)));
    assertThat(rotate(owner("a", "{\"every\": \"90d\"}"), secret, MADE).formers())
        .containsExactly(new FormerKey(KEY.sha256(), MADE.plus(WEEK)));
    assertThat(
            rotate(owner("a", "{\"every\": \"90d\", \"grace\": \"2h\"}"), secret, MADE).formers())
        .containsExactly(new FormerKey(KEY.sha256(), MADE.plus(Duration.ofHours(2))));
  }

  @Test
  void withoutGraceTheOldKeyEndsAtOnceWhateverClocksSay() {
    ApiKey owner = owner("a", "{\"every\": \"90d\", \"grace\": \"0s\"}");
    Instant now = MADE.plus(Duration.ofMillis(1999));

    KeyHistory history = rotate(owner, secret(KeyHistory.begun(MADE, "")), now);

    assertThat(history.graced()).isEmpty();
    assertThat(history.graceUntil(MADE)).isEmpty();
    assertThat(KeyPlan.of(owner, secret(history), MintedKey.mint(new Random(2)), now))
        .isInstanceOf(KeyPlan.Prune.class);
  }

  @Test
  void eachFormerKeyKeepsItsOwnEndAndTheFourthIsDropped() {
    Instant now = MADE;
    Secret secret = secret(KeyHistory.begun(MADE, ""));
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      MintedKey key = MintedKey.mint(new Random(i));
      all.addFirst(key.sha256());
      KeyPlan plan = KeyPlan.of(owner("value-" + i, "null"), secret, key, now);
      assertThat(plan).isInstanceOf(KeyPlan.Rotate.class);
      secret = secret(((KeyPlan.Rotate) plan).history());
      now = now.plus(DAY);
    }

    List<FormerKey> formers = KeyHistory.of(secret).formers();

    assertThat(formers).extracting(FormerKey::sha256).isEqualTo(all.subList(0, 3));
    assertThat(formers)
        .extracting(former -> Duration.between(MADE.plus(WEEK), former.until()).toDays())
        .containsExactly(4L, 3L, 2L);
  }

  @Test
  void whatAWriteInStepsLeftHalfDoneIsFinished() {
    KeyHistory half =
        new KeyHistory(MADE, "a", List.of(new FormerKey(KEY.sha256(), MADE.plus(WEEK))));

    KeyHistory whole = rotate(owner("a", "null"), secret(half), MADE.plusSeconds(5));

    assertThat(whole.formers()).isEqualTo(half.formers());
    assertThat(whole.madeFor()).isEqualTo("a");
  }

  @Test
  void whatPeopleMadeOfTheAnnotationsEndsKeysAndNeverBeginsThem() {
    Secret secret = secret(KeyHistory.begun(MADE, "a"));
    secret
        .getMetadata()
        .setAnnotations(
            Map.of(
                KeyHistory.MINTED_AT,
                "yesterday",
                KeyHistory.FORMER_KEYS,
                "x@2027-01-01T00:00:00Z,%s@soon,%s@+999999-01-01T00:00:00Z"
                    .formatted(FORMER, FORMER)));
    secret.getMetadata().setCreationTimestamp("2026-04-01T00:00:00Z");

    assertThat(KeyHistory.of(secret))
        .isEqualTo(new KeyHistory(Instant.parse("2026-04-01T00:00:00Z"), "", List.of()));
  }

  /// Whatever is asked for and whenever, and however often each look is repeated: a value rotates
  /// once, no key comes back, and none works longer than its grace.
  @Property
  void aValueRotatesOnceAndNoKeyOutlivesItsGrace(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> values,
      @ForAll @IntRange(max = 100) int hours) {
    Instant now = MADE;
    MintedKey key = KEY;
    Secret secret = secret(KeyHistory.begun(MADE, ""));
    Set<String> seen = new HashSet<>(Set.of(key.sha256()));
    String last = "";
    for (int value : values) {
      int rotations = 0;
      for (int repeated = 0; repeated < 3; repeated++) {
        KeyPlan plan = KeyPlan.of(owner("v" + value, "null"), secret, key, now);
        if (plan instanceof KeyPlan.Rotate(var history, var until)) {
          rotations++;
          assertThat(until).isEqualTo(now.plus(WEEK));
          key = MintedKey.mint(new Random(100 + seen.size()));
          assertThat(seen.add(key.sha256())).isTrue();
          secret = secret(history, key);
        }
      }
      assertThat(rotations).isEqualTo(last.equals("v" + value) ? 0 : 1);
      last = "v" + value;
      now = now.plus(Duration.ofHours(hours));
      Instant latest = now.plus(WEEK);
      assertThat(KeyHistory.of(secret).formers())
          .hasSizeLessThanOrEqualTo(3)
          .allMatch(former -> former.until().isBefore(latest) || hours == 0);
    }
  }

  private static KeyHistory rotate(ApiKey owner, Secret secret, Instant now) {
    return Optional.of(KeyPlan.of(owner, secret, KEY, now))
        .filter(KeyPlan.Rotate.class::isInstance)
        .map(KeyPlan.Rotate.class::cast)
        .orElseThrow()
        .history();
  }

  private static Secret secret(KeyHistory history) {
    return secret(history, KEY);
  }

  private static Secret secret(KeyHistory history, MintedKey key) {
    return new SecretBuilder(KeySecret.of(owner("-", "null"), key, history)).build();
  }

  private static ApiKey owner(String asked, String rotation) {
    ApiKey owner = new ApiKey();
    owner.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ai")
            .withName("search")
            .withUid("uid")
            .withAnnotations(asked.equals("-") ? Map.of() : Map.of(Api.ROTATE_ANNOTATION, asked))
            .build());
    try {
      owner.setSpec(
          new ObjectMapper().readValue("{\"rotation\": " + rotation + "}", ApiKeySpec.class));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return owner;
  }
}
