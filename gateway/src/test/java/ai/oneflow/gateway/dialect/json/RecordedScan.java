package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// All that a scanner said of one text, for comparison.
record RecordedScan(JsonScanner.Result result, List<Event> events, String problem) {

  /// One call of the listener; `text` is empty for brackets.
  record Event(String what, String field, String text, long start, long end) {}

  /// Scans the text in these pieces, each in a buffer of its own.
  static RecordedScan of(JsonField root, byte[]... pieces) {
    Recorder recorder = new Recorder();
    JsonScanner scanner = new JsonScanner(root, recorder);
    for (byte[] piece : pieces) {
      scanner.scan(Unpooled.wrappedBuffer(piece));
    }
    return finished(scanner, recorder);
  }

  /// Scans the text out of memory that is no array of Java's.
  static RecordedScan direct(JsonField root, byte[] text) {
    Recorder recorder = new Recorder();
    JsonScanner scanner = new JsonScanner(root, recorder);
    ByteBuf buffer = Unpooled.directBuffer(Math.max(1, text.length)).writeBytes(text);
    try {
      scanner.scan(buffer);
    } finally {
      buffer.release();
    }
    return finished(scanner, recorder);
  }

  static RecordedScan of(JsonField root, String text) {
    return of(root, text.getBytes(UTF_8));
  }

  private static RecordedScan finished(JsonScanner scanner, Recorder recorder) {
    JsonScanner.Result result = scanner.finish();
    return new RecordedScan(
        result, recorder.events, result == JsonScanner.Result.INVALID ? scanner.problem() : "");
  }

  private static final class Recorder implements JsonListener {
    private final List<Event> events = new ArrayList<>();

    @Override
    public void scalar(JsonField field, JsonScalar value, long start, long end) {
      String text = value.tooLong() ? "too long" : value.text();
      events.add(new Event(value.kind().name(), field.name(), text, start, end));
    }

    @Override
    public void opened(JsonField field, boolean object, long start) {
      events.add(new Event(object ? "OBJECT" : "ARRAY", field.name(), "", start, start));
    }

    @Override
    public void closed(JsonField field, long end, boolean empty) {
      events.add(new Event(empty ? "END_EMPTY" : "END", field.name(), "", end, end));
    }
  }
}
