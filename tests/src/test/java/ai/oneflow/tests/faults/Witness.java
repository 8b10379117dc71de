package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.tests.controlplane.PushedGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Asks every gateway with every key it knows, all the time, and holds each answer against what the
/// configuration in force says: a status, and which provider answered. Where a change is under way
/// a gateway may answer by the old one or by the new one, and never again by the old one once it
/// has answered by the new one.
final class Witness implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofMillis(15);
  private static final int MOST_SHOWN = 20;

  private final List<PushedGateway> gateways;
  private final Map<String, List<Probe>> probes = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final LongAdder answers = new LongAdder();
  private volatile boolean enough;

  Witness(List<PushedGateway> gateways) {
    this.gateways = List.copyOf(gateways);
    for (int i = 0; i < gateways.size(); i++) {
      int number = i;
      threads.add(Thread.startVirtualThread(() -> ask(number)));
    }
  }

  /// What the gateways answer with a key.
  ///
  /// @param now as in `200 faults/alpha`, or `401`
  void know(String name, String key, String now) {
    List<Probe> each = new ArrayList<>();
    for (int i = 0; i < gateways.size(); i++) {
      each.add(new Probe(name + " at gateway " + i, key, now));
    }
    probes.put(name, each);
  }

  /// From now on gateways may answer so, and must once it was awaited.
  ///
  /// @param between what they may answer until then
  void expect(String name, String next, String... between) {
    probes(name).forEach(probe -> probe.expect(next, between));
  }

  /// The same of all keys that are answered so, or will be. What else is to become of them may come
  /// before it or after: resources of two kinds are two watches.
  void expectOf(String before, String next) {
    probes.values().stream().flatMap(List::stream).forEach(probe -> probe.expectOf(before, next));
  }

  /// Until all gateways answer as was expected of them.
  void awaitEverywhere(Duration patience) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(late()).isEmpty());
    assertThat(wrong()).isEmpty();
  }

  private List<String> late() {
    return probes.values().stream()
        .flatMap(List::stream)
        .filter(probe -> !probe.hasMoved())
        .map(Probe::toString)
        .toList();
  }

  private List<Probe> probes(String name) {
    return probes.getOrDefault(name, List.of());
  }

  /// Answers so far.
  long answers() {
    return answers.sum();
  }

  /// The first answers that were wrong.
  List<String> wrong() {
    return wrong.stream().limit(MOST_SHOWN).toList();
  }

  private void ask(int number) {
    while (!enough) {
      for (List<Probe> each : probes.values()) {
        Probe probe = each.get(number);
        String answer = answer(gateways.get(number), probe.key);
        answers.increment();
        probe.judge(answer);
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  private static String answer(PushedGateway gateway, String key) {
    try {
      HttpResponse<String> answer = gateway.chatAnswer(key);
      String provider = answer.headers().firstValue("oneflow-provider").orElse("");
      return answer.statusCode() == 200 ? "200 " + provider : answer.statusCode() + "";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  /// Ends. What was wrong fails the test that ends it.
  @Override
  public void close() {
    enough = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(wrong()).isEmpty();
  }

  /// One key at one gateway.
  private final class Probe {
    private final String name;
    private final String key;

    /// What it answers, and what it is to answer, one after the other; it may leave some out.
    private final Deque<String> path = new ArrayDeque<>();

    private Set<String> between = Set.of();

    Probe(String name, String key, String now) {
      this.name = name;
      this.key = key;
      path.add(now);
    }

    synchronized void expect(String expected, String... passing) {
      path.add(expected);
      between = Set.of(passing);
    }

    synchronized void expectOf(String before, String next) {
      if (path.getLast().equals(before)) {
        expect(next);
      } else if (path.contains(before)) {
        String end = path.removeLast();
        path.add(next);
        path.add(end);
      }
    }

    @Override
    public synchronized String toString() {
      return name + " is to answer " + String.join(", then ", path);
    }

    synchronized boolean hasMoved() {
      return path.size() == 1;
    }

    synchronized void judge(String answer) {
      if (path.contains(answer)) {
        while (!path.getFirst().equals(answer)) {
          path.removeFirst();
        }
      } else if (hasMoved() || !between.contains(answer)) {
        wrong.add(this + " and answers " + answer);
      }
    }
  }
}
