package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.LLMProviderStatus;
import ai.oneflow.api.v1alpha1.LLMProviderStatus.Breaker;
import ai.oneflow.api.v1alpha1.LLMProviderStatus.ModelStatus;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Breakers;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.status.Standings.Standing;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.BreakerStates.State;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingsTest {
  private static final Standing CLOSED = new Standing(Breaker.CLOSED, 0);

  /// Pods by what they say: O(pen), H(alf open), C(losed), or - nothing.
  @ParameterizedTest
  @CsvSource({
    "C, CLOSED, 0",
    "CCC, CLOSED, 0",
    "CHC, HALF_OPEN, 0",
    "CHO, OPEN, 1",
    "OOC, OPEN, 2",
    "-C, CLOSED, 0",
    "-O-, OPEN, 1"
  })
  void isOpenWhereItIsOpenOnAnyGateway(String pods, Breaker breaker, int open) {
    assertThat(of(serving(pods)).models())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("gpt-4o", new Standing(breaker, open), "o1", CLOSED));
  }

  @Test
  void countsThePodsOfAllGatewaysThatServeIt() {
    assertThat(of(serving("OC"), serving("OO")).ofModel("gpt-4o"))
        .contains(new Standing(Breaker.OPEN, 3));
  }

  @Test
  void isUnknownWhileNoGatewayServesItNoneIsConnectedOrNoneHasSaidAnything() {
    assertThat(of()).isEqualTo(new Standings(Map.of()));
    assertThat(of(serving(""))).isEqualTo(new Standings(Map.of()));
    assertThat(of(serving("--"))).isEqualTo(new Standings(Map.of()));
  }

  @Test
  void closingIsForgetting() {
    Breakers opened = Breakers.ALL_CLOSED.with(said(State.OPEN));

    assertThat(opened.with(said(State.CLOSED)))
        .isEqualTo(Breakers.ALL_CLOSED.with(said(State.CLOSED)))
        .isNotEqualTo(opened);
  }

  @Test
  void comesBackFromAStatus() {
    LLMProviderStatus status =
        new LLMProviderStatus(
            1L,
            List.of(),
            null,
            List.of(
                new ModelStatus("gpt-4o", Breaker.OPEN, 2, null),
                new ModelStatus("o1", null, null, "v")));

    assertThat(Standings.saidBy(status))
        .isEqualTo(new Standings(Map.of("gpt-4o", new Standing(Breaker.OPEN, 2))));
    assertThat(Standings.saidBy(null).isEmpty()).isTrue();
  }

  /// What a status says before and after, and whether a breaker has opened on a first gateway.
  @ParameterizedTest
  @CsvSource({
    "C, O, true",
    "-, O, true",
    "H, O, false",
    "O, O, false",
    "O, OO, false",
    "C, H, false",
    "O, C, false"
  })
  void anOpeningIsToldOnce(String before, String after, boolean opened) {
    assertThat(of(serving(after)).openedSince(of(serving(before))))
        .isEqualTo(opened ? List.of("gpt-4o") : List.of());
  }

  @Test
  void wordsNameAFewModelsAndTheMinute() {
    Instant now = Instant.parse("2026-05-01T10:20:35Z");

    assertThat(BreakerWords.of(List.of("gpt-4o"), now))
        .isEqualTo(
            new Announcer.Words(
                "BreakerOpen",
                "model gpt-4o failed and will be left alone for a while: a breaker opened in the"
                    + " minute that began at 2026-05-01T10:20:00Z"));
    assertThat(BreakerWords.of(List.of("a", "b", "c", "d", "e", "f", "g"), now).message())
        .startsWith("models a, b, c, d, e and 2 more failed");
  }

  private static Standings of(Serving... serving) {
    return Standings.of(provider(), List.of(serving));
  }

  private static Serving serving(String pods) {
    Built built =
        new Built(
            new GatewayId("ai", "main"),
            GatewaySnapshot.of(List.of()),
            Map.of(),
            Map.of(),
            Map.of());
    List<Instance> instances =
        pods.chars()
            .mapToObj(
                pod ->
                    new Instance(
                        "pod", Optional.empty(), Optional.empty(), breakers((char) pod), List.of()))
            .toList();
    return new Serving(built, instances, Map.of());
  }

  private static Optional<Breakers> breakers(char pod) {
    return Stream.of(State.values())
        .filter(state -> state.name().charAt(0) == pod)
        .map(state -> Breakers.ALL_CLOSED.with(said(state)))
        .findFirst();
  }

  private static BreakerStates said(State state) {
    return new BreakerStates(
        List.of(
            new BreakerStates.Breaker("ai", "openai", "gpt-4o", state),
            new BreakerStates.Breaker("ai", "other", "o1", State.OPEN)));
  }

  private static ProviderEntry provider() {
    return new ProviderEntry(
        "ai",
        "openai",
        1,
        Dialect.OPENAI,
        URI.create("https://api.openai.com/v1"),
        List.of(new Credential.None()),
        "",
        List.of(model("gpt-4o"), model("o1")),
        new ProviderEntry.Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1)),
        ProviderEntry.Breaker.DEFAULT,
        0,
        0,
        List.of(),
        List.of(),
        "",
        false);
  }

  private static ModelEntry model(String name) {
    return new ModelEntry(
        name,
        List.of(),
        new ModelEntry.Capabilities(0, 0, false, false, false),
        0,
        Duration.ofSeconds(1));
  }
}
