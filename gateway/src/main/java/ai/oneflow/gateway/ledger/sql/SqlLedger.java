package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.sql.Dimensions.Numbers;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ledger's tables. Adds each event once, whoever brings it and however often: its id is the
/// key of its row.
public final class SqlLedger implements EventStore {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

  /// One to write with; to migrate, two of Flyway's and one that holds the lock.
  private static final int MOST_CONNECTIONS = 3;

  private static final int IDS_AT_ONCE = 500;

  private static final String INSERT_PRICE_LIST =
      """
      INSERT INTO price_list (version, content, first_used_ms) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private static final String INSERT =
      """
      INSERT INTO usage_event (
        id, started_at_ms, duration_ns, gateway_id, caller_id, destination_id, ending_id,
        input_tokens, cached_input_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
        audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, pico_dollars,
        batch, attempts, images, characters, audio_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private final SqlDialect dialect;
  private final HikariDataSource pool;
  private Dimensions dimensions = new Dimensions();
  private @Nullable Connection knownBy;

  private SqlLedger(SqlDialect dialect, HikariDataSource pool) {
    this.dialect = dialect;
    this.pool = pool;
  }

  /// Connects and brings the tables to this version.
  public static SqlLedger open(LedgerDatabase database) throws SQLException {
    HikariDataSource pool = connect(database);
    try {
      Migrations.apply(database.dialect(), pool);
      return new SqlLedger(database.dialect(), pool);
    } catch (SQLException e) {
      pool.close();
      throw e;
    }
  }

  @Override
  public int add(String gateway, List<UsageEvent> events) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      Dimensions known = dimensionsOn(connection.unwrap(Connection.class));
      List<Numbers> numbers = new ArrayList<>(events.size());
      for (UsageEvent event : events) {
        numbers.add(known.of(gateway, event, connection));
      }
      connection.setAutoCommit(false);
      failedAttempts(connection, events, numbers);
      int added = insert(connection, events, numbers);
      connection.commit();
      return added; // on any other way out the pool rolls back
    }
  }

  @Override
  public void addPriceLists(Map<String, String> contents, long nowMillis) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(INSERT_PRICE_LIST)) {
      connection.setAutoCommit(false);
      for (Map.Entry<String, String> list : new TreeMap<>(contents).entrySet()) {
        statement.setString(1, list.getKey());
        statement.setString(2, list.getValue());
        statement.setLong(3, nowMillis);
        statement.addBatch();
      }
      statement.executeBatch();
      connection.commit();
    }
  }

  @Override
  public Set<EventId> known(Collection<EventId> ids) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return known(connection, List.copyOf(ids));
    }
  }

  private Set<EventId> known(Connection connection, List<EventId> ids) throws SQLException {
    Set<EventId> known = new HashSet<>();
    for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
      find(connection, ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE)), known);
    }
    return known;
  }

  private void find(Connection connection, List<EventId> ids, Set<EventId> into)
      throws SQLException {
    String places = String.join(", ", Collections.nCopies(ids.size(), "?"));
    String sql = "SELECT id FROM usage_event WHERE id IN (" + places + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < ids.size(); i++) {
        dialect.bind(statement, i + 1, ids.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          into.add(dialect.id(rows, 1));
        }
      }
    }
  }

  /// Numbers are believed for as long as the connection lives that they were read on. Behind
  /// another there may be another server: one that took over without the last rows, so that a
  /// number means nothing there, or another caller.
  private Dimensions dimensionsOn(Connection physical) {
    if (!physical.equals(knownBy)) {
      dimensions = new Dimensions();
      knownBy = physical;
    }
    return dimensions;
  }

  @Override
  public void close() {
    pool.close();
  }

  /// The value of one of SQLite's switches on a connection of this pool.
  String pragma(String name) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement("PRAGMA " + name);
        ResultSet rows = statement.executeQuery()) {
      return rows.getString(1);
    }
  }

  /// Before the events themselves, while it can be told which of them are there already: those add
  /// nothing. Where no attempt failed nothing is sent.
  private void failedAttempts(Connection connection, List<UsageEvent> events, List<Numbers> numbers)
      throws SQLException {
    List<UsageEvent> having = events.stream().filter(event -> event.attempts() > 1).toList();
    if (having.isEmpty()) {
      return;
    }
    Set<EventId> known = known(connection, having.stream().map(UsageEvent::id).toList());
    try (FailedAttemptRows rows = new FailedAttemptRows(dialect, connection)) {
      for (int i = 0; i < events.size(); i++) {
        UsageEvent event = events.get(i);
        if (event.attempts() > 1 && known.add(event.id())) {
          rows.add(event, numbers.get(i).failed());
        }
      }
      rows.flush();
    }
  }

  private int insert(Connection connection, List<UsageEvent> events, List<Numbers> numbers)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (int i = 0; i < events.size(); i++) {
        bind(statement, events.get(i), numbers.get(i));
        statement.addBatch();
      }
      int added = 0;
      for (int count : statement.executeBatch()) {
        added += count == Statement.SUCCESS_NO_INFO ? 1 : count;
      }
      return added;
    }
  }

  private void bind(PreparedStatement statement, UsageEvent event, Numbers numbers)
      throws SQLException {
    Usage usage = event.usage();
    int at = 0;
    dialect.bind(statement, ++at, event.id());
    statement.setLong(++at, event.id().startMillis());
    statement.setLong(++at, event.ending().durationNanos());
    statement.setLong(++at, numbers.gateway());
    statement.setLong(++at, numbers.caller());
    statement.setLong(++at, numbers.destination());
    statement.setLong(++at, numbers.ending());
    statement.setLong(++at, usage.inputTokens());
    statement.setLong(++at, usage.cachedInputTokens());
    statement.setLong(++at, usage.cacheWrite5mTokens());
    statement.setLong(++at, usage.cacheWrite1hTokens());
    statement.setLong(++at, usage.audioInputTokens());
    statement.setLong(++at, usage.outputTokens());
    statement.setLong(++at, usage.reasoningTokens());
    statement.setLong(++at, usage.audioOutputTokens());
    statement.setLong(++at, event.cost().picoDollars());
    statement.setInt(++at, event.batch() ? 1 : 0);
    statement.setInt(++at, event.attempts());
    statement.setLong(++at, usage.images());
    statement.setLong(++at, usage.characters());
    statement.setLong(++at, usage.audioMillis());
  }

  /// Connections for writing; makes SQLite's file if it is absent.
  static HikariDataSource connect(LedgerDatabase database) throws SQLException {
    if (database.dialect() == SqlDialect.SQLITE) {
      database.makeFolder();
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("ledger");
    config.setJdbcUrl(database.url());
    if (!database.user().isEmpty()) {
      config.setUsername(database.user());
      config.setPassword(database.password());
    }
    config.setDataSourceProperties(database.properties());
    config.setMaximumPoolSize(MOST_CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_WITHIN.toMillis());
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new SQLException("the ledger's database cannot be reached: " + e.getMessage(), e);
    }
  }
}
