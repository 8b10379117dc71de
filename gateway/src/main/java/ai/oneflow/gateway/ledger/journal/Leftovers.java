package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.FrameReader.CutShort;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests that died with an earlier process: those that its files say were opened, and of
/// whose end they say nothing. When all files are read they become events.
///
/// The files are read one after the other in the order of their names, which is nearly always that
/// in which an event loop filled them: so an end comes after its opening, and only requests that
/// are without one are remembered. It is not always: a file made ahead may be taken later than one
/// made in need. So which frame of a request is its last is told by its edition; and a request
/// whose end was read before its opening, or is in SQL while its file is gone, is told by its id
/// there. The writer's thread only, but for [#isConcluded].
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Consumer<UsageEvent> recovered;
  private final JournalCounters counters;
  private final Map<EventId, Unended> unended = new LinkedHashMap<>();
  private final List<Segment> held = new ArrayList<>();
  private boolean askedWhatIsKnown;
  private volatile boolean concluded;

  /// @param recovered told of each event that SQL did not have, after it has it
  Leftovers(Consumer<UsageEvent> recovered, JournalCounters counters) {
    this.recovered = recovered;
    this.counters = counters;
  }

  private record Unended(CutShort request, Segment segment) {}

  /// Where a file's reader tells of openings.
  Consumer<CutShort> openedIn(Segment segment) {
    return request ->
        unended.merge(
            request.opening().id(), new Unended(request, segment), Leftovers::laterWritten);
  }

  private static Unended laterWritten(Unended one, Unended other) {
    return other.request.isAfter(one.request) ? other : one;
  }

  void ended(List<UsageEvent> events) {
    for (UsageEvent event : events) {
      unended.remove(event.id());
    }
  }

  /// A file was read to its end: it goes, unless requests without an end have their frame there.
  void finish(Segment segment) {
    boolean isNeeded = unended.values().stream().anyMatch(each -> each.segment.equals(segment));
    if (isNeeded) {
      held.add(segment);
    } else {
      segment.release();
    }
  }

  boolean isHolding(Segment segment) {
    return held.contains(segment);
  }

  boolean isConcluded() {
    return concluded;
  }

  /// Nothing was left, or nothing without an end.
  boolean isEmpty() {
    return unended.isEmpty();
  }

  /// All files are read and their events are in SQL: writes the rest. Tried again where SQL fails.
  void conclude(EventStore store) throws SQLException {
    if (!askedWhatIsKnown) {
      unended.keySet().removeAll(store.known(unended.keySet()));
      askedWhatIsKnown = true; // once: after an answer that was lost they would all be known
    }
    Map<String, List<UsageEvent>> byGateway = new LinkedHashMap<>();
    for (Unended each : unended.values()) {
      byGateway
          .computeIfAbsent(each.segment.gateway(), _ -> new ArrayList<>())
          .add(each.request.event());
    }
    for (Map.Entry<String, List<UsageEvent>> each : byGateway.entrySet()) {
      counters.written.add(store.add(each.getKey(), each.getValue()));
    }
    concluded();
    byGateway.values().forEach(events -> events.forEach(this::tell));
  }

  /// There was nothing to write.
  void concluded() {
    counters.recovered.add(unended.size());
    unended.clear();
    held.forEach(Segment::release);
    held.clear();
    concluded = true;
  }

  private void tell(UsageEvent event) {
    LOG.atWarn()
        .addKeyValue("event", event.id())
        .addKeyValue("outputTokens", event.usage().outputTokens())
        .log("request died with its gateway; charged by its last progress");
    try {
      recovered.accept(event);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("event", event.id()).setCause(e).log("recovered event not counted");
    }
  }
}
