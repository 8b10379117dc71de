package ai.oneflow.operator.status;

import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.Report.Urgency;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The statuses that are still to be written, one of each resource, and when it is the turn of
/// which. A newer one takes the place of the one that waits, its place in the line too. Guarded by
/// its caller.
///
/// News go before figures: who applied a manifest looks at its status, and must not wait for what
/// ten thousand keys have spent. Of four writes one is a figure's all the same, where one waits.
final class StatusQueue {
  /// A change is pushed and acknowledged within milliseconds; waiting for that saves two of three
  /// writes.
  static final Duration COALESCE = Duration.ofMillis(50);

  /// The first time; each further one in a row takes twice as long.
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  static final int AT_ONCE = 16;
  static final int NEWS_IN_A_ROW = 3;
  private static final int MOST_DOUBLINGS = 16;

  /// Until something is put, taken or done, which its caller notices.
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final Pace pace;
  private final Map<String, Waiting> news = new LinkedHashMap<>();
  private final Map<String, Waiting> figures = new LinkedHashMap<>();
  private final Map<String, Waiting> underWay = new LinkedHashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private int newsInARow;

  StatusQueue(Pace pace) {
    this.pace = pace;
  }

  /// What is to be done now.
  sealed interface Turn {
    /// This one is to be written, and said to be [#written] or [#failed].
    record Write(CustomResource<?, ?> patch) implements Turn {}

    /// Nothing for this long, unless something is put or done meanwhile.
    record Rest(Duration atMost) implements Turn {}
  }

  private record Waiting(CustomResource<?, ?> patch, Urgency urgency, Instant notBefore) {}

  /// What waits of a resource; a write that is under way does not wait any more.
  @Nullable CustomResource<?, ?> waiting(String uid) {
    Waiting waiting = news.getOrDefault(uid, figures.get(uid));
    return waiting == null ? null : waiting.patch;
  }

  int size() {
    return news.size() + figures.size();
  }

  void put(CustomResource<?, ?> patch, Urgency urgency, Instant now) {
    String uid = patch.getMetadata().getUid();
    Waiting former = news.getOrDefault(uid, figures.get(uid));
    Instant notBefore = former == null ? now.plus(COALESCE) : former.notBefore;
    if (news.containsKey(uid) || urgency == Urgency.NEWS) {
      figures.remove(uid);
      news.put(uid, new Waiting(patch, Urgency.NEWS, notBefore));
    } else {
      figures.put(uid, new Waiting(patch, Urgency.FIGURES, notBefore));
    }
  }

  /// Takes the next one, if it is time for one.
  Turn take(Instant now) {
    if (underWay.size() >= AT_ONCE) {
      return new Turn.Rest(IDLE);
    }
    Optional<String> next = next(now);
    if (next.isEmpty()) {
      return new Turn.Rest(untilDue(now));
    }
    if (!pace.take(now)) {
      return new Turn.Rest(Duration.between(now, pace.next(now)));
    }
    return new Turn.Write(begun(next.get()));
  }

  private CustomResource<?, ?> begun(String uid) {
    Waiting taken = news.remove(uid);
    newsInARow = taken == null ? 0 : Math.min(NEWS_IN_A_ROW, newsInARow + 1);
    if (taken == null) {
      taken = figures.remove(uid);
    }
    if (taken == null) {
      throw new IllegalStateException("nothing waits of " + uid);
    }
    underWay.put(uid, taken);
    return taken.patch;
  }

  private Optional<String> next(Instant now) {
    Optional<String> first = ready(news, now);
    if (first.isPresent() && newsInARow < NEWS_IN_A_ROW) {
      return first;
    }
    Optional<String> figure = ready(figures, now);
    return figure.isPresent() ? figure : first;
  }

  /// Two statuses of one resource are never under way at once, or the older could win.
  private Optional<String> ready(Map<String, Waiting> line, Instant now) {
    return line.entrySet().stream()
        .filter(e -> !e.getValue().notBefore.isAfter(now) && !underWay.containsKey(e.getKey()))
        .findFirst()
        .map(Map.Entry::getKey);
  }

  private Duration untilDue(Instant now) {
    return Stream.of(news, figures)
        .flatMap(line -> line.values().stream())
        .map(Waiting::notBefore)
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo)
        .map(at -> Duration.between(now, at))
        .orElse(IDLE);
  }

  void written(String uid) {
    underWay.remove(uid);
    failures.remove(uid);
  }

  /// Comes again after a while, unless the resource is gone; where a newer one waits it is that one
  /// which comes, and it waits too from the second time on. What cannot be written must not take
  /// the turns of what can.
  ///
  /// @param atMost the longest while
  void failed(String uid, Instant now, Duration atMost) {
    Waiting failed = underWay.remove(uid);
    if (failed == null) {
      return;
    }
    int inARow = failures.merge(uid, 1, Integer::sum);
    Instant again = now.plus(pause(inARow, atMost));
    boolean isNewest = waiting(uid) == null;
    if (isNewest || inARow > 1) {
      Map<String, Waiting> line = line(uid, failed.urgency);
      Waiting next = line.getOrDefault(uid, failed);
      line.put(uid, new Waiting(next.patch, next.urgency, again));
    }
  }

  private static Duration pause(int inARow, Duration atMost) {
    Duration pause = RETRY_AFTER.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS));
    return pause.compareTo(atMost) < 0 ? pause : atMost;
  }

  /// Where a resource waits, or else where it would.
  private Map<String, Waiting> line(String uid, Urgency urgency) {
    if (news.containsKey(uid)) {
      return news;
    }
    return figures.containsKey(uid) || urgency == Urgency.FIGURES ? figures : news;
  }

  /// Forgets resources that are gone.
  void retain(Set<String> uids) {
    news.keySet().retainAll(uids);
    figures.keySet().retainAll(uids);
    underWay.keySet().retainAll(uids);
    failures.keySet().retainAll(uids);
  }

  /// Drops what waits and what is under way.
  void clear() {
    retain(Set.of());
  }
}
