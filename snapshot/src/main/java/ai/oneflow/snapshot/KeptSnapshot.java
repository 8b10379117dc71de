package ai.oneflow.snapshot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A snapshot as it is kept for gateways that start while there is no operator: in parts that each
/// fit into a Kubernetes Secret.
///
/// A part is a line, `oneflow-snapshot/1 <version> <kept at, ms since 1970> <number from 0> <of how
/// many>`, and its share of the bytes of a [Push] of the whole, compressed by gzip. Parts of
/// several snapshots may lie beside each other, some of them incomplete: the newest that is
/// complete counts.
public final class KeptSnapshot {
  /// A Secret holds 1 MiB (Kubernetes, `MaxSecretSize`).
  private static final int PART_BYTES = 900 << 10;

  private static final Pattern HEAD =
      Pattern.compile("oneflow-snapshot/1 ([0-9a-f]{64}) ([0-9]{1,15}) ([0-9]{1,3}) ([0-9]{1,3})");
  private static final int LONGEST_HEAD = 128;

  private final Cut cut;
  private final Collection<Part> parts;

  private KeptSnapshot(Cut cut, Collection<Part> parts) {
    this.cut = cut;
    this.parts = parts;
  }

  /// As the parts name it; whoever applies the push checks it.
  public SnapshotVersion version() {
    return cut.version;
  }

  /// When it was cut.
  public Instant keptAt() {
    return cut.at;
  }

  /// Cuts a snapshot into parts.
  ///
  /// @return one part at least
  public static List<byte[]> cut(GatewaySnapshot snapshot, Instant at) {
    byte[] whole = compressed(snapshot);
    int count = (whole.length + PART_BYTES - 1) / PART_BYTES;
    List<byte[]> parts = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      String head =
          "oneflow-snapshot/1 %s %d %d %d\n"
              .formatted(snapshot.version(), at.toEpochMilli(), number, count);
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      part.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      int from = number * PART_BYTES;
      part.write(whole, from, Math.min(PART_BYTES, whole.length - from));
      parts.add(part.toByteArray());
    }
    return parts;
  }

  private static byte[] compressed(GatewaySnapshot snapshot) {
    Delta whole = Delta.between(GatewaySnapshot.of(List.of()), snapshot);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(SnapshotCodec.encode(new Push(1, snapshot.version(), Optional.empty(), whole)));
    } catch (IOException e) {
      throw new IllegalStateException("writing into memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /// The snapshots of which all parts are there, newest first; what is no part is passed over.
  public static List<KeptSnapshot> complete(Collection<byte[]> parts) {
    Map<Cut, Map<Integer, Part>> cuts = new HashMap<>();
    for (byte[] bytes : parts) {
      Part.read(bytes)
          .ifPresent(p -> cuts.computeIfAbsent(p.of, _ -> new TreeMap<>()).put(p.number, p));
    }
    return cuts.entrySet().stream()
        .filter(cut -> cut.getValue().size() == cut.getKey().count)
        .map(cut -> new KeptSnapshot(cut.getKey(), cut.getValue().values()))
        .sorted(Comparator.comparing(KeptSnapshot::keptAt).reversed())
        .toList();
  }

  /// The whole, as if an operator had sent it.
  ///
  /// @throws IOException where the parts do not make up a push
  public ReceivedPush push() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    parts.forEach(part -> whole.write(part.bytes, part.from, part.bytes.length - part.from));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(whole.toByteArray()))) {
      // All of it, since the checksum is at its end.
      return SnapshotCodec.decodePush(new ByteArrayInputStream(in.readAllBytes()));
    }
  }

  /// What the parts of one snapshot agree on.
  private record Cut(SnapshotVersion version, Instant at, int count) {}

  /// @param from where its share of the bytes begins
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Part(Cut of, int number, byte[] bytes, int from) {

    static Optional<Part> read(byte[] bytes) {
      byte[] start = Arrays.copyOf(bytes, Math.min(LONGEST_HEAD, bytes.length));
      String text = new String(start, StandardCharsets.ISO_8859_1);
      int end = text.indexOf('\n');
      Matcher head = HEAD.matcher(text.substring(0, Math.max(0, end)));
      if (!head.matches()) {
        return Optional.empty();
      }
      Cut cut =
          new Cut(
              new SnapshotVersion(head.group(1)),
              Instant.ofEpochMilli(Long.parseLong(head.group(2))),
              Integer.parseInt(head.group(4)));
      int number = Integer.parseInt(head.group(3));
      return number < cut.count
          ? Optional.of(new Part(cut, number, bytes, end + 1))
          : Optional.empty();
    }
  }
}
