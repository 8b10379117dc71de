package ai.oneflow.tests.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// Reads an answer of HTTP/1.1 off a socket, so that whoever reads can stop behind any token and go
/// on. What it has read so far can be asked for however the reading ended.
final class Answer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int UNREAD = -1;

  private final InputStream in;
  private final StringBuilder events = new StringBuilder();
  private int status;
  private boolean streamed;
  private int length = UNREAD;
  private int tokens;
  private boolean whole;
  private String error = "";

  Answer(InputStream in) {
    this.in = in;
  }

  /// Reads to the end.
  ///
  /// @throws EOFException where the connection ends before the answer
  void readAll() throws IOException {
    read(Integer.MAX_VALUE);
  }

  /// Reads until that many tokens of a stream have come, or all of the answer.
  ///
  /// @throws EOFException where the connection ends before the answer
  void read(int most) throws IOException {
    if (length == UNREAD) {
      head();
    }
    if (streamed) {
      stream(most);
    } else if (!whole) {
      json(exactly(length));
    }
  }

  boolean isWhole() {
    return whole;
  }

  /// Not so where it is known to be an error.
  boolean isServed() {
    return error.isEmpty();
  }

  Seen seen(PlannedRequest planned, Seen.Ending ending) {
    return new Seen(planned, status, tokens, ending, error);
  }

  private void head() throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) next());
    }
    String head = text.toString().toLowerCase(Locale.ROOT);
    status = Integer.parseInt(head.substring(9, 12));
    streamed = head.contains("transfer-encoding: chunked");
    length =
        streamed ? 0 : Integer.parseInt(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
  }

  /// Nothing comes behind an error, not even the mark of a complete answer.
  private void stream(int most) throws IOException {
    while (tokens < most && error.isEmpty()) {
      int end = events.indexOf("\n\n");
      if (end >= 0) {
        event(new String(events.substring(0, end).getBytes(ISO_8859_1), UTF_8));
        events.delete(0, end + 2);
      } else if (!chunk()) {
        return;
      }
    }
  }

  /// Reads one more, if there is one.
  private boolean chunk() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\r\n") < 0) {
      line.append((char) next());
    }
    int size = Integer.parseInt(line.substring(0, line.length() - 2), 16);
    events.append(new String(exactly(size), ISO_8859_1));
    exactly(2);
    if (size == 0 && !whole) {
      throw new EOFException("a stream ended without its mark");
    }
    return size > 0;
  }

  private void event(String event) throws IOException {
    String text = event.substring(event.indexOf("data: ") + "data: ".length());
    if (text.equals("[DONE]")) {
      whole = true;
      return;
    }
    JsonNode data = JSON.readTree(text);
    if (data.has("error")) {
      error = code(data);
      whole = true;
    }
    tokens += data.at("/choices/0/delta/content").asText("").isEmpty() ? 0 : 1;
  }

  private void json(byte[] body) throws IOException {
    JsonNode answer = JSON.readTree(body);
    error = answer.has("error") ? code(answer) : "";
    tokens = answer.at("/usage/completion_tokens").asInt();
    whole = true;
  }

  /// A provider's error may have none.
  private static String code(JsonNode answer) {
    return answer.at("/error/code").asText("none");
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended in the middle of an answer");
    }
    return bytes;
  }

  private int next() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection ended before the answer");
    }
    return next;
  }
}
