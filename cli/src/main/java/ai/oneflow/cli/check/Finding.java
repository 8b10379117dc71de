package ai.oneflow.cli.check;

/// What was seen of one thing.
///
/// @param subject what was looked at, such as `LLMGateway ai/main`
/// @param words what is so, without secrets
/// @param advice what to do about it; empty where there is nothing to do
public record Finding(Level level, String subject, String words, String advice) {

  public static Finding pass(String subject, String words) {
    return new Finding(Level.PASS, subject, words, "");
  }

  static Finding warn(String subject, String words, String advice) {
    return new Finding(Level.WARN, subject, words, advice);
  }

  public static Finding fail(String subject, String words, String advice) {
    return new Finding(Level.FAIL, subject, words, advice);
  }

  static Finding unknown(String subject, String words, String advice) {
    return new Finding(Level.UNKNOWN, subject, words, advice);
  }
}
