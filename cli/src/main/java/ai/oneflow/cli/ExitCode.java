package ai.oneflow.cli;

/// How commands end.
final class ExitCode {
  static final int GOOD = 0;

  /// Something is wrong, or was refused.
  static final int WRONG = 1;

  /// Nobody could be asked: there is no cluster, or the command line makes no sense.
  static final int NOBODY_ASKED = 2;

  private ExitCode() {}
}
