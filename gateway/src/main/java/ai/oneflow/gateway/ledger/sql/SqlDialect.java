package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.EventId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/// What differs between the two databases.
enum SqlDialect {
  SQLITE("jdbc:sqlite:", "classpath:db/migration/sqlite") {
    @Override
    void bind(PreparedStatement statement, int parameter, EventId id) throws SQLException {
      statement.setBytes(parameter, id.toBytes());
    }

    @Override
    EventId id(ResultSet rows, int column) throws SQLException {
      ByteBuffer bytes = ByteBuffer.wrap(rows.getBytes(column));
      return new EventId(bytes.getLong(), bytes.getLong());
    }

    // A file has one gateway.
    @Override
    void lockMigrations(Connection connection) {}

    @Override
    void unlockMigrations(Connection connection) {}
  },
  POSTGRESQL("jdbc:postgresql:", "classpath:db/migration/postgresql") {
    @Override
    void bind(PreparedStatement statement, int parameter, EventId id) throws SQLException {
      statement.setObject(parameter, id.toUuid());
    }

    @Override
    EventId id(ResultSet rows, int column) throws SQLException {
      UUID uuid = rows.getObject(column, UUID.class);
      return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    @Override
    void lockMigrations(Connection connection) throws SQLException {
      execute(connection, "SELECT pg_advisory_lock(hashtext('oneflow_ledger'))");
    }

    @Override
    void unlockMigrations(Connection connection) throws SQLException {
      execute(connection, "SELECT pg_advisory_unlock(hashtext('oneflow_ledger'))");
    }
  };

  private final String prefix;
  private final String migrations;

  SqlDialect(String prefix, String migrations) {
    this.prefix = prefix;
    this.migrations = migrations;
  }

  abstract void bind(PreparedStatement statement, int parameter, EventId id) throws SQLException;

  abstract EventId id(ResultSet rows, int column) throws SQLException;

  /// Waits until no other gateway migrates the same database.
  abstract void lockMigrations(Connection connection) throws SQLException;

  abstract void unlockMigrations(Connection connection) throws SQLException;

  String migrations() {
    return migrations;
  }

  /// Chooses by the URL, of which only the scheme is repeated: it may hold a password.
  static SqlDialect of(String url) {
    for (SqlDialect dialect : values()) {
      if (url.startsWith(dialect.prefix)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "a ledger's URL must begin with jdbc:sqlite: or jdbc:postgresql:");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
