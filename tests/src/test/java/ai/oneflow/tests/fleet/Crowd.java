package ai.oneflow.tests.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.tests.process.ServingProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/// Callers of a fleet, who ask all at once and each a gateway of their own choice.
final class Crowd implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int DECIMALS_OF_A_CREDIT = 10;

  private final Fleet fleet;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> callers = new ArrayList<>();
  private final LongAdder served = new LongAdder();
  private final Map<Subject, LongAdder> sent = new ConcurrentHashMap<>();
  private final Map<Subject, LongAdder> answered = new ConcurrentHashMap<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// What the headers of an answer said is left of a limit on requests.
  ///
  /// @param answered so many were answered before this one was sent
  /// @param sent so many were sent before this one was answered, itself included
  record Told(Subject subject, long answered, long remaining, long sent) {}

  Crowd(Fleet fleet) {
    this.fleet = fleet;
  }

  /// So many callers begin to ask, each with all of these keys, one after the other.
  void askAtOnce(List<Subject> subjects, int count) {
    List<Integer> ports = fleet.members().stream().map(ServingProcess::port).toList();
    for (int i = 0; i < count; i++) {
      int caller = i;
      int port = ports.get(i % ports.size());
      callers.add(
          threads.submit(
              () -> {
                for (int j = 0; j < subjects.size(); j++) {
                  ask(port, subjects.get((caller + j) % subjects.size()), caller);
                }
              }));
    }
  }

  /// So many were answered so far.
  long served() {
    return served.sum();
  }

  /// What answers have said so far.
  List<Told> told() {
    return List.copyOf(told);
  }

  /// Until each has been told something, or that nobody is there.
  void awaitAll() throws Exception {
    for (Future<?> caller : callers) {
      caller.get();
    }
    callers.clear();
  }

  /// Every fifth answer takes a tenth of a second, so that some are always on their way.
  private void ask(int port, Subject subject, int caller) {
    String pace = caller % 5 == 0 ? "4ms" : "0ms";
    String body =
        """
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50,
         "user": "sim tokens=25 gap=%s"}\
        """
            .formatted(pace);
    HttpRequest.Builder request =
        request(port, "/v1/chat/completions", subject)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    LongAdder answers = answered.computeIfAbsent(subject, _ -> new LongAdder());
    LongAdder requests = sent.computeIfAbsent(subject, _ -> new LongAdder());
    long before = answers.sum();
    requests.increment();
    try {
      HttpResponse<String> answer = send(request);
      if (answer.statusCode() == OK) {
        answer
            .headers()
            .firstValueAsLong("x-ratelimit-remaining")
            .ifPresent(left -> told.add(new Told(subject, before, left, requests.sum())));
        answers.increment();
        served.increment();
      }
    } catch (IOException _) {
      // The gateway was killed.
    }
  }

  /// Of the limit, as a gateway tells the caller.
  ///
  /// @throws IOException also where the gateway does not know it now
  long left(ServingProcess member, Subject subject) throws IOException {
    HttpResponse<String> answer = send(request(member.port(), "/v1/usage", subject));
    if (answer.statusCode() != OK) {
      throw new IOException(answer.body());
    }
    for (JsonNode limit : JSON.readTree(answer.body()).get("limits")) {
      if (limit.hasNonNull("remaining")) {
        String remaining = limit.get("remaining").asText();
        return Set.of("credits", "prepaid").contains(limit.get("unit").asText())
            ? new BigDecimal(remaining).movePointRight(DECIMALS_OF_A_CREDIT).longValueExact()
            : Long.parseLong(remaining);
      }
    }
    throw new IOException("no limit in " + answer.body());
  }

  private static HttpRequest.Builder request(int port, String path, Subject subject) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(PATIENCE)
        .header("authorization", "Bearer " + Keys.secret(subject.name()));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    threads.close();
    client.close();
  }
}
