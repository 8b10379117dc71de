package ai.oneflow.gateway.dialect.json;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text (RFC 8259) piece by piece, checks its grammar and tells a [JsonListener] of
/// the wanted fields.
/// What is not wanted is passed over without being looked into. Names are compared unescaped, as
/// the provider will read them. Not thread-safe; [#reset] makes it ready for the next text.
///
/// Bounds: nesting of [#MAX_DEPTH]; text in strings is not checked to be UTF-8.
public final class JsonScanner {
  /// Deeper nesting is refused, as no request needs it.
  public static final int MAX_DEPTH = 200;

  /// What is known of the text so far.
  public enum Result {
    /// It may go on.
    MORE,
    /// It is complete; only white space may follow.
    COMPLETE,
    /// It is no JSON: see [#problem()].
    INVALID
  }

  private enum State {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    COMMA_OR_END,
    IN_NAME,
    IN_STRING,
    IN_NUMBER,
    IN_LITERAL,
    DONE,
    INVALID
  }

  private static final int SCRATCH_BYTES = 4096;
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final JsonField root;
  private final JsonScalar token = new JsonScalar();
  private final JsonStrings strings = new JsonStrings(token);
  private final JsonNumbers numbers = new JsonNumbers();
  private final byte[] scratch = new byte[SCRATCH_BYTES];

  private JsonListener listener;
  private @Nullable JsonField[] fields = new JsonField[16];
  private boolean[] objects = new boolean[16];
  private State state = State.VALUE;
  private int depth;
  private @Nullable JsonField current;
  private boolean capture;
  private long consumed;
  private long valueStart;
  private byte[] literal = TRUE;
  private int literalAt;
  private String problem = "";
  private long problemAt;

  /// A scanner that tells `listener` of the members of `root`.
  public JsonScanner(JsonField root, JsonListener listener) {
    this.root = root;
    this.listener = listener;
    this.current = root;
  }

  /// Forgets the text and begins another for `listener`.
  public void reset(JsonListener next) {
    listener = next;
    state = State.VALUE;
    depth = 0;
    current = root;
    consumed = 0;
    problem = "";
  }

  /// Reads the readable bytes of `buffer` and leaves its indices as they are.
  public Result scan(ByteBuf buffer) {
    int index = buffer.readerIndex();
    int end = buffer.writerIndex();
    if (buffer.hasArray()) {
      int offset = buffer.arrayOffset();
      return scan(buffer.array(), offset + index, offset + end);
    }
    Result result = result();
    while (index < end && result != Result.INVALID) {
      int length = Math.min(SCRATCH_BYTES, end - index);
      buffer.getBytes(index, scratch, 0, length);
      result = scan(scratch, 0, length);
      index += length;
    }
    return result;
  }

  /// Reads the bytes of `bytes` in `[from, to)`.
  public Result scan(byte[] bytes, int from, int to) {
    long base = consumed - from;
    int at = from;
    while (at < to && state != State.INVALID) {
      at = step(bytes, at, to, base);
    }
    consumed = base + at;
    return result();
  }

  /// Says that nothing follows. A number at the top level ends only here, and is not a value that
  /// anybody wants.
  public Result finish() {
    if (state == State.IN_NUMBER && depth == 0 && numbers.complete()) {
      state = State.DONE;
    }
    if (state != State.DONE && state != State.INVALID) {
      invalid(consumed == 0 ? "the body is empty" : "the JSON text ends too early", consumed);
    }
    return result();
  }

  public Result result() {
    return switch (state) {
      case DONE -> Result.COMPLETE;
      case INVALID -> Result.INVALID;
      case VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END -> Result.MORE;
      case IN_NAME, IN_STRING, IN_NUMBER, IN_LITERAL -> Result.MORE;
    };
  }

  /// The wanted string that has begun and not ended yet.
  public @Nullable JsonField openString() {
    return state == State.IN_STRING ? current : null;
  }

  /// Its bytes so far.
  public long openStringSize() {
    return token.size();
  }

  /// What is wrong and at which byte, after [Result#INVALID].
  public String problem() {
    return problem + " at byte " + problemAt;
  }

  private int step(byte[] bytes, int at, int to, long base) {
    return switch (state) {
      case IN_STRING, IN_NAME -> inString(bytes, at, to, base);
      case IN_NUMBER -> inNumber(bytes, at, to, base);
      case IN_LITERAL -> inLiteral(bytes, at, base);
      case VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END, DONE, INVALID ->
          between(bytes, at, base);
    };
  }

  private int between(byte[] bytes, int at, long base) {
    byte b = bytes[at];
    if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      return at + 1;
    }
    switch (state) {
      case VALUE -> value(b, base + at);
      case VALUE_OR_END -> {
        if (b == ']') {
          close(base + at, true);
        } else {
          value(b, base + at);
        }
      }
      case NAME -> name(b, base + at);
      case NAME_OR_END -> {
        if (b == '}') {
          close(base + at, true);
        } else {
          name(b, base + at);
        }
      }
      case COLON -> expect(b == ':', State.VALUE, "':' expected after a name", base + at);
      case COMMA_OR_END -> commaOrEnd(b, base + at);
      case DONE -> invalid("nothing may follow the JSON text", base + at);
      case IN_NAME, IN_STRING, IN_NUMBER, IN_LITERAL, INVALID -> throw new AssertionError(state);
    }
    return at + 1;
  }

  private void value(byte b, long offset) {
    valueStart = offset;
    capture = current != null;
    switch (b) {
      case '{' -> open(true, offset);
      case '[' -> open(false, offset);
      case '"' -> beginString(State.IN_STRING, held());
      case 't' -> beginLiteral(JsonScalar.Kind.TRUE, TRUE);
      case 'f' -> beginLiteral(JsonScalar.Kind.FALSE, FALSE);
      case 'n' -> beginLiteral(JsonScalar.Kind.NULL, NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> beginNumber(b);
      default -> invalid("a value expected", offset);
    }
  }

  private void name(byte b, long offset) {
    if (b != '"') {
      invalid("a name in quotes expected", offset);
      return;
    }
    JsonField parent = fields[depth];
    capture = parent != null && parent.hasMembers();
    beginString(State.IN_NAME, JsonScalar.MAX_BYTES);
  }

  private int held() {
    return current == null ? 0 : current.heldBytes();
  }

  private void beginString(State next, int held) {
    token.begin(JsonScalar.Kind.STRING, held);
    strings.begin(capture);
    state = next;
  }

  private void beginNumber(byte b) {
    token.begin(JsonScalar.Kind.NUMBER, held());
    numbers.begin();
    numbers.accept(b);
    if (capture) {
      token.append(b);
    }
    state = State.IN_NUMBER;
  }

  private void beginLiteral(JsonScalar.Kind kind, byte[] word) {
    token.begin(kind, 0);
    literal = word;
    literalAt = 1;
    state = State.IN_LITERAL;
  }

  private int inLiteral(byte[] bytes, int at, long base) {
    if (bytes[at] != literal[literalAt]) {
      invalid("true, false or null expected", base + at);
    } else if (++literalAt == literal.length) {
      scalarEnds(base + at + 1);
    }
    return at + 1;
  }

  private int inNumber(byte[] bytes, int at, int to, long base) {
    int i = at;
    while (i < to && JsonNumbers.mayContain(bytes[i])) {
      if (!numbers.accept(bytes[i])) {
        invalid("a malformed number", base + i);
        return i;
      }
      if (capture) {
        token.append(bytes[i]);
      }
      i++;
    }
    if (i < to) {
      if (!numbers.complete()) {
        invalid("a malformed number", base + i);
      } else {
        scalarEnds(base + i);
      }
    }
    return i;
  }

  private int inString(byte[] bytes, int at, int to, long base) {
    int end = strings.scan(bytes, at, to);
    switch (strings.progress()) {
      case OPEN -> {}
      case INVALID -> invalid(strings.problem(), base + end);
      case CLOSED -> {
        if (state == State.IN_NAME) {
          nameEnds();
        } else {
          scalarEnds(base + end);
        }
      }
    }
    return end;
  }

  private void nameEnds() {
    JsonField parent = fields[depth];
    current =
        !capture || parent == null || token.tooLong()
            ? null
            : parent.member(token.bytes(), token.length());
    state = State.COLON;
  }

  private void scalarEnds(long end) {
    if (current != null) {
      listener.scalar(current, token, valueStart, end);
    }
    valueEnds();
  }

  private void open(boolean object, long offset) {
    if (depth == MAX_DEPTH) {
      invalid("nesting deeper than " + MAX_DEPTH, offset);
      return;
    }
    depth++;
    if (depth == fields.length) {
      fields = Arrays.copyOf(fields, depth * 2);
      objects = Arrays.copyOf(objects, depth * 2);
    }
    fields[depth] = current;
    objects[depth] = object;
    if (current != null) {
      listener.opened(current, object, offset);
    }
    if (!object) {
      current = current == null ? null : current.element();
    }
    state = object ? State.NAME_OR_END : State.VALUE_OR_END;
  }

  private void close(long offset, boolean empty) {
    JsonField closed = fields[depth];
    depth--;
    if (closed != null) {
      listener.closed(closed, offset + 1, empty);
    }
    valueEnds();
  }

  private void valueEnds() {
    state = depth == 0 ? State.DONE : State.COMMA_OR_END;
  }

  private void commaOrEnd(byte b, long offset) {
    boolean object = objects[depth];
    if (b == ',') {
      if (object) {
        state = State.NAME;
      } else {
        JsonField array = fields[depth];
        current = array == null ? null : array.element();
        state = State.VALUE;
      }
    } else if (b == (object ? '}' : ']')) {
      close(offset, false);
    } else {
      invalid(object ? "',' or '}' expected" : "',' or ']' expected", offset);
    }
  }

  private void expect(boolean met, State next, String otherwise, long offset) {
    if (met) {
      state = next;
    } else {
      invalid(otherwise, offset);
    }
  }

  private void invalid(String what, long offset) {
    state = State.INVALID;
    problem = what;
    problemAt = offset;
  }
}
