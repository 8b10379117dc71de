package ai.oneflow.gateway.ledger.sql;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/// Brings the ledger's tables to this version.
public final class Migrations {
  private static final String HISTORY = "oneflow_ledger_schema_history";

  private Migrations() {}

  /// What was done.
  ///
  /// @param applied how many scripts
  /// @param version that the tables have now
  public record Result(int applied, String version) {}

  /// Makes the database's file and tables if they are absent.
  public static Result apply(LedgerDatabase database) throws SQLException {
    try (HikariDataSource pool = SqlLedger.connect(database)) {
      return apply(database.dialect(), pool);
    }
  }

  /// One gateway at a time: Flyway's own lock leaves a moment in which its table is there and
  /// empty, at which another gateway's Flyway gives up.
  static Result apply(SqlDialect dialect, DataSource source) throws SQLException {
    try (Connection turn = source.getConnection()) {
      dialect.lockMigrations(turn);
      try {
        MigrateResult result =
            Flyway.configure()
                .dataSource(source)
                .locations(dialect.migrations())
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        String version =
            result.targetSchemaVersion == null
                ? String.valueOf(result.initialSchemaVersion)
                : result.targetSchemaVersion;
        return new Result(result.migrationsExecuted, version);
      } finally {
        dialect.unlockMigrations(turn);
      }
    } catch (RuntimeException e) {
      throw new SQLException("the ledger cannot be migrated: " + e.getMessage(), e);
    }
  }
}
