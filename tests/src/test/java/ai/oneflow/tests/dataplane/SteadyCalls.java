package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Chats at a steady rate, however long answers take: streams and whole answers by turns.
final class SteadyCalls {
  private static final Pattern USAGE =
      Pattern.compile("\"prompt_tokens\"\\s*:\\s*(\\d+),\\s*\"completion_tokens\"\\s*:\\s*(\\d+)");

  private final GatewayUnderTest gateway;
  private final int rate;

  /// @param rate a second
  SteadyCalls(GatewayUnderTest gateway, int rate) {
    this.gateway = gateway;
    this.rate = rate;
  }

  /// How a call ended.
  ///
  /// @param status 0 where there was no answer
  /// @param attempts 0 where no provider was called
  /// @param tokens that the answer says it took
  /// @param problem what was answered where that is no whole answer
  record Ended(
      int status,
      int attempts,
      Optional<Long> retryAfterSeconds,
      long tokens,
      long nanos,
      String problem) {

    boolean isServed() {
      return problem.isEmpty();
    }

    static Ended of(HttpResponse<String> answer, long nanos) {
      String body = answer.body();
      Matcher usage = USAGE.matcher(body);
      boolean whole =
          answer.statusCode() == 200
              && (body.endsWith("data: [DONE]\n\n") || body.contains("\"finish_reason\""));
      return new Ended(
          answer.statusCode(),
          Integer.parseInt(answer.headers().firstValue("oneflow-attempts").orElse("0")),
          answer.headers().firstValue("retry-after").map(Long::valueOf),
          usage.find() ? Long.parseLong(usage.group(1)) + Long.parseLong(usage.group(2)) : 0,
          nanos,
          whole ? "" : body);
    }
  }

  /// @param before told the number of each call before it is made
  List<Ended> run(String model, int calls, IntConsumer before) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<CompletableFuture<Ended>> all = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        before.accept(i);
        all.add(call(client, body(model, i % 2 == 0)));
        long next = begin + TimeUnit.SECONDS.toNanos(i + 1L) / rate;
        LockSupport.parkNanos(next - System.nanoTime());
      }
      return all.stream().map(CompletableFuture::join).toList();
    }
  }

  private static String body(String model, boolean stream) {
    String more = stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
    return "{\"model\":\""
        + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]"
        + more
        + "}";
  }

  private CompletableFuture<Ended> call(HttpClient client, String body) {
    long begin = System.nanoTime();
    HttpRequest request =
        gateway
            .request("/v1/chat/completions", Configurations.KEY)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString(UTF_8))
        .thenApply(answer -> Ended.of(answer, System.nanoTime() - begin))
        .exceptionally(
            failure ->
                new Ended(
                    0, 0, Optional.empty(), 0, System.nanoTime() - begin, failure.toString()));
  }

  static double p99Millis(List<Ended> all) {
    long[] nanos = all.stream().mapToLong(Ended::nanos).sorted().toArray();
    return nanos[nanos.length * 99 / 100] / 1e6;
  }
}
