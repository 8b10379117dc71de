package ai.oneflow.tests.chaos;

import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.QuotaEntry.OnUnavailable;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RedisEntry.Admission;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.tests.dataplane.Configurations;
import ai.oneflow.tests.fleet.Fleet;
import ai.oneflow.tests.fleet.Keys;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A fleet whose keys have budgets and limits that nobody uses up, so that each request is counted
/// several times over.
final class FleetSite implements Site {
  private static final String UPSTREAM = "gpt-4o";
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SQL_AWAY = Duration.ofMillis(700);
  private static final int SOME_COMMANDS = 5_000;
  private static final long PLENTY = 1_000_000_000_000L;

  private final Fleet fleet;
  private final Semaphore redis = new Semaphore(1);
  private final Semaphore sql = new Semaphore(1);

  private FleetSite(Fleet fleet) {
    this.fleet = fleet;
  }

  /// Serves all of the plan's requests when this returns.
  ///
  /// @param folder an empty one
  static FleetSite start(Path folder, URI provider, int requests) throws Exception {
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider, List.of(UPSTREAM), List.of()));
    entries.removeIf(entry -> entry.kind() == Kind.API_KEY || entry.kind() == Kind.LLM_PROVIDER);
    entries.replaceAll(entry -> entry instanceof RouteEntry route ? withAllModels(route) : entry);
    entries.add(Configurations.provider(provider, List.of(UPSTREAM), PATIENCE));
    entries.addAll(keys(requests));
    entries.add(policy("each", Map.of("user", "*"), OnUnavailable.ALLOW));
    entries.add(policy("all", Map.of(), OnUnavailable.LOCAL_SHARE));
    return new FleetSite(Fleet.start(folder, entries, Admission.SHARES));
  }

  private static RouteEntry withAllModels(RouteEntry route) {
    return new RouteEntry(
        route.namespace(),
        route.name(),
        route.generation(),
        Pair.models(),
        route.targets(),
        route.selection(),
        route.retry(),
        route.readsOn());
  }

  private static List<KeyEntry> keys(int requests) {
    return Pair.keys(requests).stream()
        .map(name -> Keys.entry(name, List.of(Keys.budget(PLENTY))))
        .toList();
  }

  private static QuotaEntry policy(
      String name, Map<String, String> subject, OnUnavailable whenAway) {
    List<RateLimit> plenty = List.of(new RateLimit(PLENTY, Duration.ofDays(1)));
    return new QuotaEntry(
        "ai", name, 1, subject, plenty, plenty, plenty, List.of(), whenAway, false);
  }

  @Override
  public List<ServingProcess> gateways() {
    return fleet.members();
  }

  @Override
  public String secret(String name) {
    return Keys.secret(name);
  }

  @Override
  public void strike(PlannedRequest planned) {
    try {
      switch (planned.fault().origin()) {
        case GATEWAY -> gateway(planned.index()).killAndStartAgain();
        case REDIS -> restartRedis(planned.index());
        case SQL -> stopSql();
        case NONE, PROVIDER, CALLER ->
            throw new IllegalStateException("nothing is struck by " + planned.fault());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// With all that it had, without the latest of it, or with nothing.
  private void restartRedis(int turn) throws IOException {
    redis.acquireUninterruptibly();
    try {
      fleet.redis().kill();
      switch (turn % 3) {
        case 0 -> fleet.redis().startAgain();
        case 1 -> fleet.redis().startAgainWithoutTheLatest(SOME_COMMANDS);
        default -> fleet.redis().startAgainWithNothing();
      }
    } finally {
      redis.release();
    }
  }

  private void stopSql() {
    sql.acquireUninterruptibly();
    fleet.postgres().kill();
    CompletableFuture.delayedExecutor(SQL_AWAY.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::startSql);
  }

  private void startSql() {
    try {
      fleet.postgres().startAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sql.release();
    }
  }

  @Override
  public void awaitIdle() {
    sql.acquireUninterruptibly();
    sql.release();
    fleet.members().forEach(ServingProcess::awaitIdle);
  }

  @Override
  public void countAnew() throws IOException {
    fleet.redis().flushAll();
  }

  @Override
  public LedgerRows rows() {
    return new LedgerRows(fleet.ledgerUrl());
  }

  @Override
  public void close() throws IOException {
    fleet.close();
  }
}
