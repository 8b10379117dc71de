package ai.oneflow.operator.status;

import ai.oneflow.operator.pace.Pace;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The events that are still to be written, warnings first, all together no more than a number a
/// second. Of one subject there is the newest only; more than [#MOST] are not kept. Guarded by its
/// caller.
final class EventQueue {
  static final int MOST = 10_000;

  /// With pauses that double this is some two minutes.
  static final int ATTEMPTS = 8;

  static final String WARNING = "Warning";

  private final Pace pace;
  private final Duration firstPause;
  private final Map<String, Waiting> warnings = new LinkedHashMap<>();
  private final Map<String, Waiting> rest = new LinkedHashMap<>();

  /// @param firstPause after an attempt that failed; the next ones are twice as long each
  EventQueue(Pace pace, Duration firstPause) {
    this.pace = pace;
    this.firstPause = firstPause;
  }

  /// An event that is to be written.
  ///
  /// @param subject what it is the newest of
  /// @param undone called where it could not be written for good
  /// @param failed attempts so far
  record Waiting(String subject, Event event, Runnable undone, int failed, Instant notBefore) {
    Waiting(String subject, Event event, Runnable undone) {
      this(subject, event, undone, 0, Instant.MIN);
    }
  }

  private Map<String, Waiting> line(Waiting waiting) {
    return WARNING.equals(waiting.event.getType()) ? warnings : rest;
  }

  /// Whether there was room for it. It takes the place of an older one of its subject.
  boolean put(Waiting next) {
    Map<String, Waiting> line = line(next);
    if (warnings.size() + rest.size() >= MOST && !line.containsKey(next.subject)) {
      return false;
    }
    line.put(next.subject, next);
    return true;
  }

  /// Takes the next one, if it is time for one.
  Optional<Waiting> take(Instant now) {
    Optional<Waiting> next =
        Stream.of(warnings, rest)
            .flatMap(line -> line.values().stream())
            .filter(waiting -> !waiting.notBefore.isAfter(now))
            .findFirst()
            .filter(_ -> pace.take(now));
    next.ifPresent(taken -> line(taken).remove(taken.subject));
    return next;
  }

  /// How long there is nothing to take, unless something is put meanwhile; empty: for ever.
  Optional<Duration> rest(Instant now) {
    Instant permit = pace.next(now);
    return Stream.of(warnings, rest)
        .flatMap(line -> line.values().stream())
        .map(Waiting::notBefore)
        .min(Instant::compareTo)
        .map(due -> Duration.between(now, due.isAfter(permit) ? due : permit));
  }

  /// Whether there will be another attempt, or a newer one of its subject is to be written.
  boolean failed(Waiting waiting, Instant now) {
    if (line(waiting).containsKey(waiting.subject)) {
      return true;
    }
    int failed = waiting.failed + 1;
    Instant again = now.plus(firstPause.multipliedBy(1L << waiting.failed));
    return failed < ATTEMPTS
        && put(new Waiting(waiting.subject, waiting.event, waiting.undone, failed, again));
  }
}
