package ai.oneflow.gateway.ledger.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;

/// Where the ledger's database is.
///
/// @param url `jdbc:sqlite:<file>` or `jdbc:postgresql://…`, without a password: drivers, pools and
///     their errors repeat it
/// @param user empty for SQLite, or where the URL names it
/// @param password empty where there is none; never shown
public record LedgerDatabase(String url, String user, String password) {
  private static final String SQLITE_FILE = "jdbc:sqlite:";
  private static final Pattern PASSWORD = Pattern.compile("@|password=", Pattern.CASE_INSENSITIVE);

  /// What is read, by how long PostgreSQL may say nothing.
  enum Reads {
    /// A few rows that an index leads to.
    LITTLE(Duration.ofSeconds(30)),
    /// What may need all rows: nothing is said until the last of them is summed up.
    MUCH(Duration.ofMinutes(10));

    private final Duration silence;

    Reads(Duration silence) {
      this.silence = silence;
    }
  }

  public LedgerDatabase {
    SqlDialect dialect = SqlDialect.of(url);
    if (dialect == SqlDialect.POSTGRESQL && PASSWORD.matcher(url).find()) {
      throw new IllegalArgumentException(
          "a ledger's URL must hold no password; put it into ONEFLOW_LEDGER_PASSWORD");
    }
  }

  /// A file of SQLite's; it is made if absent.
  public static LedgerDatabase sqlite(Path file) {
    return new LedgerDatabase(SQLITE_FILE + file.toAbsolutePath(), "", "");
  }

  SqlDialect dialect() {
    return SqlDialect.of(url);
  }

  /// How to connect for writing; what the URL says itself goes before.
  ///
  /// SQLite: a log that readers do not block, synced at every commit, so that a commit which the
  /// power cuts off is either whole or not there. PostgreSQL: a server that vanished without a word
  /// is given up after half a minute, where the driver would wait for ever.
  Properties properties() {
    Properties properties = new Properties();
    switch (dialect()) {
      case SQLITE -> {
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        properties.setProperty("busy_timeout", "5000");
      }
      case POSTGRESQL -> {
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
      }
    }
    return properties;
  }

  /// Whether nothing was ever written there: a file of SQLite's that is not there yet.
  boolean isNew() {
    return dialect() == SqlDialect.SQLITE && !Files.exists(sqliteFile());
  }

  /// How to connect for reading. A server that vanished without a word is given up too, or whoever
  /// waits for a sum would wait for ever, and with it a fleet that must not count without it.
  Properties readingProperties(Reads reads) {
    Properties properties = new Properties();
    if (dialect() == SqlDialect.POSTGRESQL) {
      properties.setProperty("socketTimeout", String.valueOf(reads.silence.toSeconds()));
      properties.setProperty("tcpKeepAlive", "true");
    }
    return properties;
  }

  /// A connection for reading: makes and migrates nothing.
  Connection connectTo(Reads reads) throws SQLException {
    return connect(readingProperties(reads));
  }

  /// A connection for writing a little; the tables must be there.
  Connection connectToWrite() throws SQLException {
    return connect(properties());
  }

  private Connection connect(Properties properties) throws SQLException {
    if (isNew()) {
      throw new SQLException("there is no ledger at " + sqliteFile());
    }
    return DriverManager.getConnection(url, authenticated(properties));
  }

  private Properties authenticated(Properties properties) {
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
      properties.setProperty("password", password);
    }
    return properties;
  }

  void makeFolder() throws SQLException {
    Path folder = sqliteFile().toAbsolutePath().getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new SQLException("cannot make the ledger's folder " + folder, e);
    }
  }

  /// Without the password, and without a URL that may hold one.
  @Override
  public String toString() {
    return "LedgerDatabase[" + dialect() + "]";
  }

  private Path sqliteFile() {
    String rest = url.substring(SQLITE_FILE.length());
    int options = rest.indexOf('?');
    return Path.of(options < 0 ? rest : rest.substring(0, options));
  }
}
