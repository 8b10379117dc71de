package ai.oneflow.tests.chaos;

import java.util.List;
import java.util.stream.IntStream;

/// The key and the public model that belong to one request of a plan and to no other.
record Pair(String key, String model) {
  /// As many as a policy may have.
  private static final int MODELS = 64;

  static Pair of(int request) {
    return new Pair("k" + request / MODELS, "m" + request % MODELS);
  }

  int request() {
    return Integer.parseInt(key.substring(1)) * MODELS + Integer.parseInt(model.substring(1));
  }

  /// The keys that so many requests need.
  static List<String> keys(int requests) {
    return IntStream.rangeClosed(0, (requests - 1) / MODELS).mapToObj(i -> "k" + i).toList();
  }

  static List<String> models() {
    return IntStream.range(0, MODELS).mapToObj(i -> "m" + i).toList();
  }
}
