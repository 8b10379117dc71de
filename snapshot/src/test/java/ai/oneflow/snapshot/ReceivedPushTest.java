package ai.oneflow.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceivedPushTest {
  private static final GatewaySnapshot NOTHING = GatewaySnapshot.of(List.of());
  private static final String VERSION = "0f".repeat(32);

  @Test
  void whatTheOperatorEncodesOnceIsUnderstood() throws IOException {
    GatewaySnapshot snapshot =
        GatewaySnapshot.of(List.of(Examples.provider(1), Examples.route(), Examples.key()));
    Push push =
        new Push(
            3,
            snapshot.version(),
            Optional.of(NOTHING.version()),
            new Delta(List.copyOf(snapshot.entries().values()), List.of(Examples.quota().key())));

    ReceivedPush received =
        SnapshotCodec.decodePush(new ByteArrayInputStream(EncodedPush.of(push).bytes()));

    assertThat(received).isEqualTo(new ReceivedPush.Understood(push));
  }

  @Test
  void anEntryOfALaterVersionIsRefusedByNameAndAlone() throws IOException {
    ReceivedPush received =
        read(
            """
            {"delta":{"upserts":[
              {"kind":"QuotaPolicy","namespace":"ai","name":"q","generation":1,"novelty":"hidden"},
              {"kind":"LLMGateway","namespace":"ai","name":"m","generation":1,"maxRequestBytes":1}
            ]},"nonce":7,"version":"%s"}""");

    assertThat(received).isInstanceOf(ReceivedPush.Garbled.class);
    Nack nack = ((ReceivedPush.Garbled) received).nack();
    assertThat(nack.nonce()).isEqualTo(7);
    assertThat(nack.version().sha256()).isEqualTo(VERSION);
    assertThat(nack.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.entry()).contains(new EntryKey(Kind.QUOTA_POLICY, "ai", "q"));
              assertThat(refusal.reason()).contains("novelty").doesNotContain("hidden");
            });
  }

  @Test
  void anEntryOfAnUnknownKindIsRefusedWithoutAName() throws IOException {
    ReceivedPush received =
        read(
            """
            {"delta":{"upserts":[{"kind":"Novelty","namespace":"ai","name":"q"}]},
             "nonce":1,"version":"%s"}""");

    assertThat(((ReceivedPush.Garbled) received).refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.entry()).isEmpty());
  }

  @Test
  void aPropertyOfALaterVersionIsRefused() throws IOException {
    ReceivedPush received =
        read("{\"nonce\":1,\"version\":\"%s\",\"delta\":{\"moves\":[{}]},\"urgent\":true}");

    assertThat(((ReceivedPush.Garbled) received).refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "this gateway does not know property 'moves' of the delta",
            "this gateway does not know property 'urgent' of the push");
  }

  @Test
  void aPushThatIsCutAnywhereIsAnError() throws IOException {
    Push push =
        new Push(
            1,
            new SnapshotVersion(VERSION),
            Optional.empty(),
            new Delta(List.of(Examples.key()), List.of(Examples.quota().key())));
    byte[] whole = EncodedPush.of(push).bytes();

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SnapshotCodec.decodePush(new ByteArrayInputStream(cut)))
          .isInstanceOf(IOException.class);
    }
  }

  private static ReceivedPush read(String json) throws IOException {
    return SnapshotCodec.decodePush(
        new ByteArrayInputStream(json.formatted(VERSION).getBytes(UTF_8)));
  }
}
