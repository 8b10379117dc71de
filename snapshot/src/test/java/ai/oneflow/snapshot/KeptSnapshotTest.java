package ai.oneflow.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptSnapshotTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = EARLY.plusMillis(1);

  @Test
  void aSnapshotThatIsCutIsReadBack() throws IOException {
    GatewaySnapshot snapshot = snapshot(3);

    List<byte[]> parts = KeptSnapshot.cut(snapshot, EARLY);

    assertThat(parts).hasSize(1);
    KeptSnapshot kept = KeptSnapshot.complete(parts).getFirst();
    assertThat(kept.version()).isEqualTo(snapshot.version());
    assertThat(kept.keptAt()).isEqualTo(EARLY);
    assertThat(whole(kept)).isEqualTo(snapshot);
  }

  @Test
  void aLargeOneHasSeveralPartsThatFitIntoSecretsInWhateverOrderTheyCome() throws IOException {
    GatewaySnapshot snapshot = snapshot(45_000);

    List<byte[]> parts = new ArrayList<>(KeptSnapshot.cut(snapshot, EARLY));

    assertThat(parts).hasSizeBetween(2, 4);
    assertThat(parts).allSatisfy(part -> assertThat(part.length).isLessThan(1 << 20));
    Collections.reverse(parts);
    assertThat(whole(KeptSnapshot.complete(parts).getFirst())).isEqualTo(snapshot);
  }

  @Test
  void ofSeveralTheNewestComesFirstAndWhatIsNotCompleteNotAtAll() {
    List<byte[]> former = KeptSnapshot.cut(snapshot(45_000), EARLY);
    List<byte[]> newest = KeptSnapshot.cut(snapshot(1), LATE);
    List<byte[]> parts = new ArrayList<>(former);
    parts.addAll(newest);

    assertThat(KeptSnapshot.complete(parts))
        .extracting(KeptSnapshot::keptAt)
        .containsExactly(LATE, EARLY);
    parts.removeFirst();
    assertThat(KeptSnapshot.complete(parts)).extracting(KeptSnapshot::keptAt).containsExactly(LATE);
  }

  @Test
  void partsOfTwoCutsOfOneSnapshotDoNotMakeOne() {
    GatewaySnapshot snapshot = snapshot(45_000);
    List<byte[]> mixed = new ArrayList<>(KeptSnapshot.cut(snapshot, EARLY));

    mixed.set(0, KeptSnapshot.cut(snapshot, LATE).getFirst());

    assertThat(KeptSnapshot.complete(mixed)).isEmpty();
  }

  @Test
  void whatIsNoPartIsPassedOver() {
    byte[] part = KeptSnapshot.cut(snapshot(1), EARLY).getFirst();
    List<byte[]> strange =
        List.of(
            new byte[0],
            "\n".getBytes(StandardCharsets.US_ASCII),
            "oneflow-snapshot/2 a b c d\n".getBytes(StandardCharsets.US_ASCII),
            Arrays.copyOf(part, 40),
            new String(part, StandardCharsets.ISO_8859_1)
                .replaceFirst(" 0 1\n", " 1 1\n")
                .getBytes(StandardCharsets.ISO_8859_1),
            new byte[2000]);

    assertThat(KeptSnapshot.complete(strange)).isEmpty();
    assertThat(KeptSnapshot.complete(List.of(part, new byte[0]))).hasSize(1);
  }

  @Test
  void bytesThatAreCutOffOrChangedAreNotReadAsASnapshot() {
    byte[] part = KeptSnapshot.cut(snapshot(5), EARLY).getFirst();
    Random random = new Random(1);
    int head = new String(part, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    IntStream.range(0, 200)
        .forEach(
            _ -> {
              byte[] damaged = part.clone();
              // The ten bytes of gzip's own head may say what they like.
              int at = head + 10 + random.nextInt(part.length - head - 10);
              damaged[at] ^= (byte) (1 << random.nextInt(8));
              assertUnreadable(damaged);
              assertUnreadable(Arrays.copyOf(part, at));
            });
  }

  private static void assertUnreadable(byte[] part) {
    KeptSnapshot kept = KeptSnapshot.complete(List.of(part)).getFirst();
    assertThatThrownBy(kept::push).isInstanceOf(IOException.class);
  }

  private static GatewaySnapshot whole(KeptSnapshot kept) throws IOException {
    assertThat(kept.push()).isInstanceOf(ReceivedPush.Understood.class);
    Push push = ((ReceivedPush.Understood) kept.push()).push();
    assertThat(push.version()).isEqualTo(kept.version());
    assertThat(push.base()).isEmpty();
    return push.delta().applyTo(GatewaySnapshot.of(List.of()));
  }

  /// Names that do not compress well.
  private static GatewaySnapshot snapshot(int quotas) {
    Random random = new Random(quotas);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < quotas; i++) {
      String name =
          "q%x%x%x%x%x"
              .formatted(
                  i, random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
      entries.add(
          new QuotaEntry(
              "ai",
              name,
              1,
              Map.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              QuotaEntry.OnUnavailable.LOCAL_SHARE,
              false));
    }
    return GatewaySnapshot.of(entries);
  }
}
