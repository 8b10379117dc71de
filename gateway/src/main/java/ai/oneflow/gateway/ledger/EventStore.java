package ai.oneflow.gateway.ledger;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the journal's writer brings events: the database. Plain blocking code, one thread.
public interface EventStore extends AutoCloseable {

  /// Adds, in one transaction, those events that are not there yet, and returns their number; where
  /// the database does not tell it, that of all.
  ///
  /// @param gateway the instance that recorded them
  /// @throws SQLException where none was added
  int add(String gateway, List<UsageEvent> events) throws SQLException;

  /// Adds those price lists that are not there yet.
  ///
  /// @param contents by version
  /// @param nowMillis when they came into force
  void addPriceLists(Map<String, String> contents, long nowMillis) throws SQLException;

  /// Which of these the database has already.
  Set<EventId> known(Collection<EventId> ids) throws SQLException;

  @Override
  void close();

  /// Opens the store, migrating it where that is due; called off the start path and again after
  /// each failure.
  interface Opener {
    EventStore open() throws SQLException;
  }
}
