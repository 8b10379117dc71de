package ai.oneflow.simulator.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a body is cut into the chunks that go over the wire one by one. Providers and proxies cut
/// where they like, so a reader must not care: the same bytes are played in every one of these.
public sealed interface Splitting {
  Pattern BLANK_LINE = Pattern.compile("\r?\n\r?\n");

  /// The bytes in one piece.
  record Whole() implements Splitting {}

  /// One piece for each server-sent event: up to and with the blank line.
  record Events() implements Splitting {}

  record EveryByte() implements Splitting {}

  /// Pieces of 1 to 64 bytes, the same ones for the same seed.
  record Random64(long seed) implements Splitting {}

  /// The pieces of `body`, none empty; together they are `body`.
  default List<Body> split(Body body) {
    if (body.isEmpty()) {
      return List.of();
    }
    return switch (this) {
      case Whole() -> List.of(body);
      case Events() -> at(body, eventEnds(body));
      case EveryByte() -> at(body, steps(body.size(), 1, 1, new Random(0)));
      case Random64(long seed) -> at(body, steps(body.size(), 1, 64, new Random(seed)));
    };
  }

  private static List<Body> at(Body body, List<Integer> ends) {
    List<Body> pieces = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      pieces.add(body.slice(from, end));
      from = end;
    }
    if (from < body.size()) {
      pieces.add(body.slice(from, body.size()));
    }
    return pieces;
  }

  private static List<Integer> eventEnds(Body body) {
    String bytes = new String(body.bytes(), StandardCharsets.ISO_8859_1);
    List<Integer> ends = new ArrayList<>();
    Matcher blankLine = BLANK_LINE.matcher(bytes);
    while (blankLine.find()) {
      ends.add(blankLine.end());
    }
    return ends;
  }

  private static List<Integer> steps(int size, int least, int most, Random random) {
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    while (at < size) {
      at = Math.min(size, at + random.nextInt(least, most + 1));
      ends.add(at);
    }
    return ends;
  }
}
