package ai.oneflow.gateway.dialect.openai;

import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;

/// What admission and routing need of a request, and where to splice it.
///
/// @param modelAt the model's value, quotes included
/// @param stream the caller wants server-sent events
/// @param usage whether and where the caller asks for usage in the stream
/// @param objectStart offset behind the body's opening brace
/// @param prompt how much it gives the model to read
/// @param output how much it lets the model write
/// @param needs what the model must be able to do
public record OpenAiRequest(
    String model,
    Span modelAt,
    boolean stream,
    StreamOptions usage,
    long objectStart,
    PromptSize prompt,
    OutputCap output,
    Needs needs) {

  /// Bytes `[start, end)` of the body.
  public record Span(long start, long end) {}

  /// `stream_options` as the caller sent them.
  public sealed interface StreamOptions {

    /// Usage is asked for; nothing need be changed.
    record Requested() implements StreamOptions {}

    /// There are none.
    record Absent() implements StreamOptions {}

    /// The value in `span` stands where one that asks for usage must: `include_usage`, or `null`
    /// for all options.
    record Declined(Span span, boolean wholeOptions) implements StreamOptions {}

    /// There are options without `include_usage`.
    ///
    /// @param insideAt offset behind their opening brace
    record WithoutUsage(long insideAt, boolean empty) implements StreamOptions {}
  }

  /// The caller will get to see the usage chunk.
  public boolean usageRequested() {
    return usage instanceof StreamOptions.Requested;
  }
}
