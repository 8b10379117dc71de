package ai.oneflow.tests.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Callers that ask one question after the other over connections that they keep, until they are
/// stopped; half of them read streams of a second and a half. The provider is the simulator.
public final class Callers {
  public static final String MODEL = "gpt-4o";

  private static final String STREAM_SCRIPT = "sim tokens=75 gap=20ms";
  private static final Duration BETWEEN = Duration.ofMillis(10);

  private final URI gateway;
  private final String key;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile boolean enough;

  private Callers(URI gateway, String key) {
    this.gateway = gateway;
    this.key = key;
  }

  /// @param served answers that came whole
  /// @param failed what came in the place of others
  public record Seen(int served, List<String> failed) {}

  public static Callers start(URI gateway, String key, int number) {
    Callers callers = new Callers(gateway, key);
    for (int i = 0; i < number; i++) {
      boolean stream = i % 2 == 0;
      callers.threads.add(Thread.startVirtualThread(() -> callers.ask(stream)));
    }
    return callers;
  }

  /// Waits for the answers that are under way.
  public Seen stop() throws InterruptedException {
    enough = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return new Seen(served.get(), List.copyOf(failed));
  }

  private void ask(boolean stream) {
    HttpRequest request = request(stream);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!enough) {
        try {
          judge(client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)), stream);
        } catch (IOException e) {
          failed.add((stream ? "stream: " : "answer: ") + e);
        }
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest request(boolean stream) {
    String body =
        """
        {"model":"%s","stream":%s%s,"messages":[{"role":"user","content":"Hello"}]}"""
            .formatted(MODEL, stream, stream ? ",\"user\":\"" + STREAM_SCRIPT + "\"" : "");
    return HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
        .timeout(Duration.ofSeconds(20))
        .header("content-type", "application/json")
        .header("authorization", "Bearer " + key)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private void judge(HttpResponse<String> answer, boolean stream) {
    boolean whole = !stream || answer.body().endsWith("data: [DONE]\n\n");
    if (answer.statusCode() == 200 && whole) {
      served.incrementAndGet();
    } else {
      failed.add(answer.statusCode() + " " + answer.body());
    }
  }
}
