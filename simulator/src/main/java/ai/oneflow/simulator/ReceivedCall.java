package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole request as it came.
///
/// @param path without the query
/// @param query its parameters, decoded
/// @param headers names in lower case, values as sent and in order
record ReceivedCall(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    Body body) {
  Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /// A parameter of the query.
  ///
  /// @throws IllegalArgumentException if it is there and no number of 0 or more
  long number(String name, long otherwise) {
    String text = query.getOrDefault(name, List.of(Long.toString(otherwise))).getFirst();
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(name + "=" + text + " is no whole number of 0 or more");
    }
    return Long.parseLong(text);
  }

  boolean is(String otherMethod, String otherPath) {
    return method.equals(otherMethod) && path.equals(otherPath);
  }
}
