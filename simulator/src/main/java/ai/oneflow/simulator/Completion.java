package ai.oneflow.simulator;

import java.util.List;

/// An answer to a chat request before it is written as JSON or as a stream.
///
/// @param created seconds since 1970
/// @param includeUsage whether the caller asked a stream for its usage
record Completion(
    String id,
    String model,
    long created,
    List<Choice> choices,
    Usage usage,
    UsageReport.Placement placement,
    boolean includeUsage) {
  static final String FINGERPRINT = "fp_simulator";

  Completion {
    choices = List.copyOf(choices);
  }
}
