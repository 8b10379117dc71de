package ai.oneflow.simulator;

/// A script for requests that do not bring their own.
///
/// @param model the requests' model; empty: any
/// @param path the requests' path; empty: any
/// @param times how many requests it holds for; 0: until it is cleared
public record ScriptRule(String model, String path, int times, Script script) {
  public static ScriptRule always(Script script) {
    return new ScriptRule("", "", 0, script);
  }

  public static ScriptRule times(int times, Script script) {
    return new ScriptRule("", "", times, script);
  }

  boolean matches(String requestModel, String requestPath) {
    return (model.isEmpty() || model.equals(requestModel))
        && (path.isEmpty() || path.equals(requestPath));
  }

  ScriptRule used() {
    return new ScriptRule(model, path, times - 1, script);
  }
}
