package ai.oneflow.gateway.dialect.json;

/// The grammar of a JSON number (RFC 8259, section 6), a byte at a time.
final class JsonNumbers {
  private enum State {
    START,
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS
  }

  private State state = State.START;

  void begin() {
    state = State.START;
  }

  /// What a number may consist of; any other byte ends it.
  static boolean mayContain(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
  }

  boolean complete() {
    return switch (state) {
      case ZERO, INTEGER, FRACTION, EXPONENT_DIGITS -> true;
      case START, MINUS, POINT, EXPONENT, EXPONENT_SIGN -> false;
    };
  }

  /// Takes the next byte, or says that no number goes on so.
  boolean accept(byte b) {
    if (b >= '0' && b <= '9') {
      return digit(b);
    }
    return switch (b) {
      case '-' -> move(state == State.START, State.MINUS) || sign();
      case '+' -> sign();
      case '.' -> move(state == State.ZERO || state == State.INTEGER, State.POINT);
      default -> // e or E
          move(
              state == State.ZERO || state == State.INTEGER || state == State.FRACTION,
              State.EXPONENT);
    };
  }

  private boolean digit(byte b) {
    State next =
        switch (state) {
          case START, MINUS -> b == '0' ? State.ZERO : State.INTEGER;
          case ZERO -> State.ZERO;
          case INTEGER -> State.INTEGER;
          case POINT, FRACTION -> State.FRACTION;
          case EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> State.EXPONENT_DIGITS;
        };
    return move(state != State.ZERO, next);
  }

  private boolean sign() {
    return move(state == State.EXPONENT, State.EXPONENT_SIGN);
  }

  private boolean move(boolean allowed, State next) {
    if (allowed) {
      state = next;
    }
    return allowed;
  }
}
