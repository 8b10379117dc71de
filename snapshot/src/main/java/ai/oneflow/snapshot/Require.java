package ai.oneflow.snapshot;

/// The checks that the records of this package share: each message says what, the rule, the value.
final class Require {
  private Require() {}

  static String text(String what, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank");
    }
    return value;
  }

  static long atLeast(String what, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", not " + value);
    }
    return value;
  }

  static int within(String what, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must lie between " + least + " and " + most + ", not " + value);
    }
    return value;
  }
}
