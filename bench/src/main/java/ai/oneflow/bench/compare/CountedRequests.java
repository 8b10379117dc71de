package ai.oneflow.bench.compare;

import ai.oneflow.servers.RedisServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Holds a target's own counters against what it was asked: what did not count has measured
/// nothing. What was refused has not counted either.
///
/// The counter is that of a whole day's requests. A run that stops in the middle leaves a request
/// on each connection that no answer is counted of, and a share counts as used until it goes back,
/// some two seconds after the last request.
final class CountedRequests {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 100;
  private static final String WINDOW = "86400s";

  private static final Counter NONE = () -> -1;

  private final String name;
  private final Counter counter;
  private long least;
  private long most;

  /// How many requests have been counted since the target began.
  private interface Counter {
    long read() throws IOException, InterruptedException;
  }

  private CountedRequests(String name, Counter counter) {
    this.name = name;
    this.counter = counter;
  }

  static CountedRequests of(Target target, RunningTarget running) {
    return switch (target.counts()) {
      case NOTHING -> new CountedRequests(target.name(), NONE);
      case MEMORY -> new CountedRequests(target.name(), () -> usage(running));
      case REDIS -> new CountedRequests(target.name(), () -> inRedis(running.redis()));
    };
  }

  /// Whether there is anything that counts.
  boolean counts() {
    return counter != NONE;
  }

  /// A load has ended. Returns when the counters agree with all loads so far, or when they had time
  /// to: then with what is wrong.
  Optional<String> doubt(Wrk.Result result, int connections)
      throws IOException, InterruptedException {
    if (!counts()) {
      return Optional.empty();
    }
    least += result.requests() - result.errors();
    most += result.requests() + connections;
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    long counted = counter.read();
    while (!agrees(counted) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      counted = counter.read();
    }
    return agrees(counted)
        ? Optional.empty()
        : Optional.of(
            "%s counted %,d requests, and was asked from %,d to %,d"
                .formatted(name, counted, least, most));
  }

  private boolean agrees(long counted) {
    return least <= counted && counted <= most;
  }

  private static long usage(RunningTarget running) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + running.port() + "/v1/usage");
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + running.key()).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (JsonNode limit : new JsonMapper().readTree(body).path("limits")) {
        if (limit.path("unit").asText().equals("requests")
            && limit.path("window").asText().equals(WINDOW)) {
          return limit.path("used").asLong();
        }
      }
      throw new IllegalStateException("no limit of requests a day in " + body);
    }
  }

  /// The sum that a sliding window keeps, straight from where it is kept.
  private static long inRedis(RedisServer redis) throws IOException {
    long sum = 0;
    for (String key : redis.ask("KEYS", "*|requests|" + WINDOW).lines().toList()) {
      sum += Long.parseLong(redis.ask("HGET", key, "s"));
    }
    return sum;
  }
}
