package ai.oneflow.simulator;

/// Where usage stands in an answer, and figures that replace the counted ones.
///
/// @param prompt [#COUNTED], or the figure to report; so with `completion`
public record UsageReport(
    Placement placement, int prompt, int completion, int cached, int reasoning) {
  public static final int COUNTED = -1;
  public static final UsageReport PLAIN =
      new UsageReport(Placement.AS_ASKED, COUNTED, COUNTED, 0, 0);

  /// Where providers have been seen to put it.
  public enum Placement {
    /// As OpenAI does: in JSON always; in a stream as an extra chunk, if `include_usage` asks for
    /// it.
    AS_ASKED,
    MISSING,
    /// `"usage":null`, in a stream on every chunk.
    NULL,
    /// The extra chunk comes though nobody asked.
    ALWAYS,
    /// On the chunk with the `finish_reason`, no extra chunk.
    WITH_LAST_CONTENT,
    /// On every chunk, growing; the last one counts.
    CUMULATIVE
  }

  Usage applyTo(Usage counted) {
    return new Usage(
        prompt == COUNTED ? counted.promptTokens() : prompt,
        (completion == COUNTED ? counted.completionTokens() : completion),
        cached,
        reasoning);
  }
}
