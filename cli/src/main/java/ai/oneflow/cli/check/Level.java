package ai.oneflow.cli.check;

/// How good something is that was looked at.
public enum Level {
  /// As it is to be.
  PASS("pass"),
  /// Works, and is not as it is to be.
  WARN("warn"),
  /// Does not work, or must not be so.
  FAIL("fail"),
  /// The cluster does not show it; a person has to know.
  UNKNOWN("not known");

  private final String text;

  Level(String text) {
    this.text = text;
  }

  /// As it is printed.
  public String text() {
    return text;
  }
}
