package ai.oneflow.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotCodecTest {

  static Stream<Entry> entries() {
    return Stream.of(
        Examples.provider(1),
        Examples.route(),
        Examples.key(),
        Examples.quota(),
        Examples.gateway(),
        Examples.fleet());
  }

  static Stream<FromGateway> answers() {
    SnapshotVersion version = GatewaySnapshot.of(List.of()).version();
    return Stream.of(
        new Hello("ai", "main", "main-0", Optional.empty()),
        new Hello("ai", "main", "main-0", Optional.of(version)),
        new Ack(1, version),
        new Nack(
            2,
            version,
            List.of(
                new Refusal(Optional.of(Examples.key().key()), "why"),
                new Refusal(Optional.empty(), "other"))),
        new Spending(
            List.of(
                new Spending.Spent(
                    "ai", "search", BudgetEntry.Window.MONTH, Instant.EPOCH, 1_234_560_000_000L))),
        new Warning(
            Examples.quota().key(),
            "user=alice",
            BudgetEntry.Window.DAY,
            Instant.EPOCH,
            80,
            50_000_000_000_000L),
        new BreakerStates(List.of()),
        new BreakerStates(
            List.of(
                new BreakerStates.Breaker("ai", "openai", "gpt-4o", BreakerStates.State.OPEN),
                new BreakerStates.Breaker("ai", "openai", "o1", BreakerStates.State.CLOSED))));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void entrySurvivesTheRoundTrip(Entry entry) throws IOException {
    assertThat(roundTrip(entry, Entry.class)).isEqualTo(entry);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerSurvivesTheRoundTrip(FromGateway message) throws IOException {
    assertThat(roundTrip(message, FromGateway.class)).isEqualTo(message);
  }

  @Test
  void aMessageHasSoManyBreakersThatTheLongestNamesFit() throws IOException {
    BreakerStates.Breaker longest =
        new BreakerStates.Breaker(
            "n".repeat(63), "p".repeat(253), "m".repeat(512), BreakerStates.State.HALF_OPEN);
    List<BreakerStates.Breaker> most = Collections.nCopies(BreakerStates.MOST, longest);

    assertThat(SnapshotCodec.encode(new BreakerStates(most))).hasSizeLessThan(1 << 20);
    assertThatThrownBy(
            () -> new BreakerStates(Collections.nCopies(BreakerStates.MOST + 1, longest)))
        .hasMessage("a message has at most 500 breakers, not 501");
  }

  @Test
  void aPriceListIsNamedByItsContentWhateverItIsCalled() throws IOException {
    PriceList list = Examples.provider(1).models().getFirst().prices().getFirst();
    String version = SnapshotCodec.versionOf(list);
    byte[] encoded = SnapshotCodec.encode(list);

    PriceList decoded = SnapshotCodec.decode(new ByteArrayInputStream(encoded), PriceList.class);
    PriceList dearer =
        new PriceList(version, list.validFrom(), list.tokens(), list.units(), 51, list.tiers());

    assertThat(version).matches("[0-9a-f]{16}");
    assertThat(decoded).isEqualTo(list);
    assertThat(SnapshotCodec.versionOf(decoded)).isEqualTo(version);
    assertThat(SnapshotCodec.versionOf(dearer)).isNotEqualTo(version);
  }

  @Test
  void pushSurvivesTheRoundTrip() throws IOException {
    GatewaySnapshot snapshot = GatewaySnapshot.of(entries().toList());
    Delta whole = Delta.between(GatewaySnapshot.of(List.of()), snapshot);
    Push push = new Push(1, snapshot.version(), Optional.empty(), whole);

    Push received = roundTrip(push, Push.class);

    assertThat(received).isEqualTo(push);
    assertThat(received.delta().applyTo(GatewaySnapshot.of(List.of()))).isEqualTo(snapshot);
  }

  @Test
  void leavesDefaultsOut() {
    assertThat(new String(SnapshotCodec.encode(Examples.gateway()), UTF_8))
        .isEqualTo(
            """
            {"kind":"LLMGateway","generation":1,"maxRequestBytes":10485760,"name":"main","namespace":"ai"}""");
  }

  @Test
  void refusesWhatThisVersionDoesNotKnow() {
    assertThatThrownBy(
            () ->
                decode(
                    """
                    {"kind":"QuotaPolicy","namespace":"ai","name":"q","generation":1,"novelty":1}""",
                    Entry.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("novelty");
    assertThatThrownBy(() -> decode("{\"kind\":\"Novelty\"}", Entry.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Novelty");
  }

  @Test
  void refusesWhatBreaksARule() {
    assertThatThrownBy(
            () ->
                decode(
                    """
                    {"kind":"LLMGateway","namespace":"ai","name":"m","generation":1}""",
                    Entry.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("maxRequestBytes must be at least 1, not 0");
  }

  @Test
  void neverShowsASecret() {
    assertThat(Examples.provider(1).toString()).doesNotContain("plain").contains("[redacted]");
    assertThat(Examples.fleet().toString()).doesNotContain("plain").contains("[redacted]");
  }

  private static <T> T roundTrip(T value, Class<T> type) throws IOException {
    return SnapshotCodec.decode(new ByteArrayInputStream(SnapshotCodec.encode(value)), type);
  }

  private static <T> T decode(String json, Class<T> type) throws IOException {
    return SnapshotCodec.decode(new ByteArrayInputStream(json.getBytes(UTF_8)), type);
  }
}
