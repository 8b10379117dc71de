package ai.oneflow.tests.chaos;

/// One request of a plan and what is to happen to it.
///
/// @param streamed whether a stream is asked for
/// @param asksUsage whether the stream's usage is asked for
/// @param tokens of the whole answer
/// @param passed how many of them pass before the fault
/// @param gapMillis between two tokens
/// @param resets whether a caller that leaves resets the connection, or closes it in good order
record PlannedRequest(
    int index,
    Fault fault,
    boolean streamed,
    boolean asksUsage,
    int tokens,
    int passed,
    int gapMillis,
    boolean resets) {

  /// By which the simulator's note of it is found.
  String mark() {
    return "r" + index;
  }

  String body(String model) {
    String options = asksUsage ? ",\"stream_options\":{\"include_usage\":true}" : "";
    return """
        {"model":"%s","messages":[{"role":"user","content":"Tell me of number %d."}],\
        "max_tokens":256,"stream":%s%s,"user":"sim mark=%s tokens=%d gap=%dms %s"}\
        """
        .formatted(
            model, index, streamed, options, mark(), tokens, gapMillis, fault.script(where()));
  }

  /// The role is an event before the first token; a JSON answer is cut in its middle.
  private String where() {
    return streamed ? "after=" + (passed + 1) : "at=mid-body";
  }
}
