package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole request as it came.
///
/// @param path without the query
/// @param headers names in lower case, values as sent and in order
record ReceivedCall(String method, String path, Map<String, List<String>> headers, Body body) {
  Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  boolean is(String otherMethod, String otherPath) {
    return method.equals(otherMethod) && path.equals(otherPath);
  }
}
