package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A database in memory that can go away and come back.
public final class FakeStore implements EventStore, EventStore.Opener {
  private final Map<EventId, UsageEvent> rows = new LinkedHashMap<>();
  private final Map<String, String> priceLists = new LinkedHashMap<>();
  private boolean away;
  private boolean loseTheAnswer;
  private String gateway = "";

  @Override
  public EventStore open() throws SQLException {
    if (isAway()) {
      throw new SQLException("away");
    }
    return this;
  }

  @Override
  public synchronized int add(String from, List<UsageEvent> events) throws SQLException {
    if (away) {
      throw new SQLException("away");
    }
    gateway = from;
    int before = rows.size();
    events.forEach(event -> rows.putIfAbsent(event.id(), event));
    if (loseTheAnswer) {
      loseTheAnswer = false;
      throw new SQLException("the connection broke after the commit");
    }
    return rows.size() - before;
  }

  @Override
  public synchronized void addPriceLists(Map<String, String> contents, long nowMillis)
      throws SQLException {
    if (away) {
      throw new SQLException("away");
    }
    contents.forEach(priceLists::putIfAbsent);
  }

  synchronized Map<String, String> priceLists() {
    return Map.copyOf(priceLists);
  }

  @Override
  public synchronized Set<EventId> known(Collection<EventId> ids) throws SQLException {
    if (away) {
      throw new SQLException("away");
    }
    Set<EventId> known = new HashSet<>(ids);
    known.retainAll(rows.keySet());
    return known;
  }

  @Override
  public void close() {}

  synchronized void goAway() {
    away = true;
  }

  synchronized void comeBack() {
    away = false;
  }

  synchronized void loseTheNextAnswer() {
    loseTheAnswer = true;
  }

  synchronized boolean isAway() {
    return away;
  }

  /// What was written.
  public synchronized List<UsageEvent> events() {
    return List.copyOf(rows.values());
  }

  synchronized String gateway() {
    return gateway;
  }
}
