package ai.oneflow.tests.fleet;

import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.TopUp;
import ai.oneflow.servers.PostgresServer;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.RedisEntry.Admission;
import ai.oneflow.tests.dataplane.Configurations;
import ai.oneflow.tests.process.JavaProgram;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Three gateways, their Redis and their PostgreSQL, each in a process of its own.
///
/// Redis appends what it does to a file that is forced to the disk once a second, as it does by
/// default where it appends at all.
public final class Fleet implements AutoCloseable {
  private static final int SIZE = 3;

  private final RedisServer redis;
  private final PostgresServer postgres;
  private final String database;
  private final List<ServingProcess> members = new ArrayList<>();

  private Fleet(RedisServer redis, PostgresServer postgres) throws SQLException {
    this.redis = redis;
    this.postgres = postgres;
    this.database = postgres.newDatabase("ledger");
  }

  /// What is missing on this machine; empty: a fleet can be started.
  public static Optional<String> missing() {
    if (PostgresServer.installed().isEmpty()) {
      return Optional.of("no PostgreSQL is installed");
    }
    return RedisProgram.any().isEmpty() ? Optional.of("no Redis is installed") : Optional.empty();
  }

  /// All of them serve when this returns.
  ///
  /// @param folder empty; journals and logs are kept there
  /// @param entries of one LLMGateway, which is made to count in the fleet's Redis
  public static Fleet start(Path folder, List<Entry> entries, Admission admission)
      throws IOException, InterruptedException, SQLException {
    Fleet fleet =
        new Fleet(
            RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.EVERY_SECOND),
            PostgresServer.start(PostgresServer.installed().orElseThrow()));
    try {
      fleet.launch(folder, fleet.counting(entries, admission));
      return fleet;
    } catch (IOException | RuntimeException | AssertionError e) {
      fleet.close();
      throw e;
    }
  }

  private GatewaySnapshot counting(List<Entry> entries, Admission admission) {
    RedisEntry counters =
        new RedisEntry(redis.url().toString(), Optional.empty(), false, admission);
    return GatewaySnapshot.of(
        entries.stream()
            .map(
                entry ->
                    entry instanceof GatewayEntry gateway
                        ? Configurations.with(gateway, counters)
                        : entry)
            .toList());
  }

  private void launch(Path folder, GatewaySnapshot snapshot) throws IOException {
    Path configuration = folder.resolve("configuration.json");
    ConfiguredGateway.write(snapshot, configuration);
    for (int i = 0; i < SIZE; i++) {
      members.add(launch("gateway-" + i, database, folder, configuration));
    }
    members.forEach(ServingProcess::awaitReady);
  }

  private static ServingProcess launch(
      String instance, String database, Path folder, Path configuration) throws IOException {
    ServingProcess.Ports ports = ServingProcess.Ports.free();
    Path own = Files.createDirectory(folder.resolve(instance));
    ConfiguredGateway.Start start =
        new ConfiguredGateway.Start(
            instance, ports.callers(), ports.management(), database, own, configuration, -1);
    return new ServingProcess(
        JavaProgram.start(ConfiguredGateway.class, start.arguments(), own.resolve("log")), ports);
  }

  public List<ServingProcess> members() {
    return List.copyOf(members);
  }

  public RedisServer redis() {
    return redis;
  }

  public PostgresServer postgres() {
    return postgres;
  }

  /// JDBC's URL of the ledger, with whom to connect as.
  public String ledgerUrl() {
    return database + "?user=" + PostgresServer.USER;
  }

  /// Pays in for a key.
  void topUp(String key, long picoDollars) throws SQLException {
    CreditBook credits = CreditBook.of(new LedgerDatabase(database, PostgresServer.USER, ""));
    credits.topUp(
        new TopUp(
            new TopUp.KeyName("ai", key),
            "invoice",
            picoDollars,
            System.currentTimeMillis(),
            "test",
            ""));
  }

  @Override
  public void close() throws IOException {
    members.forEach(ServingProcess::close);
    redis.close();
    postgres.close();
  }
}
