package ai.oneflow.tests.dataplane;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// Where all gateways write to one PostgreSQL, so that each reads what the other has spent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AddedLimitsOneLedgerIT extends AddedLimitsContract {
  private PostgresServer postgres;
  private int databases;
  private Optional<LedgerDatabase> database = Optional.empty();

  @BeforeAll
  void startPostgres() throws IOException, InterruptedException {
    assumeTrue(PostgresServer.installed().isPresent(), "no PostgreSQL is installed");
    postgres = PostgresServer.start(PostgresServer.installed().orElseThrow());
  }

  @AfterAll
  void stopPostgres() throws IOException {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Override
  LedgerOptions ledger(Path folder) {
    return new LedgerOptions(database.orElseThrow(), folder.resolve("journal"));
  }

  @Override
  void newLedger() throws SQLException {
    String url = postgres.newDatabase("ledger" + databases++);
    database = Optional.of(new LedgerDatabase(url, PostgresServer.USER, ""));
  }

  @Override
  List<GatewayUnderTest.Line> lines(GatewayUnderTest one, GatewayUnderTest two) {
    return one.lines(0);
  }
}
