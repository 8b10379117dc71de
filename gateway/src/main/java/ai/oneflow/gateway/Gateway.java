package ai.oneflow.gateway;

import ai.oneflow.gateway.config.ActiveConfiguration;
import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.SnapshotCompiler;
import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.config.push.Reports;
import ai.oneflow.gateway.exchange.ExchangePipeline;
import ai.oneflow.gateway.exchange.accept.Pressure;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.ledger.PriceLists;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SpendHistory;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import ai.oneflow.gateway.ops.ManagementServer;
import ai.oneflow.gateway.ops.Readiness;
import ai.oneflow.gateway.recount.LedgerHistory;
import ai.oneflow.gateway.recount.Recovered;
import ai.oneflow.gateway.recount.ToppedUp;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import ai.oneflow.gateway.telemetry.Scrape;
import ai.oneflow.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway: the callers' port, the ledger, and the configuration that it is given. It serves from
/// the first accepted snapshot on.
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final JournaledLedger ledger;
  private final Limiting limiting;
  private final Repeating repeating;
  private final ActiveConfiguration configuration;
  private final Readiness readiness;
  private final Reports reports;
  private final GatewayServer server;
  private final ManagementServer management;

  private Gateway(Parts parts, GatewayServer server, ManagementServer management) {
    this.ledger = parts.ledger();
    this.limiting = parts.limiting();
    this.repeating = parts.repeating();
    this.configuration = parts.configuration();
    this.readiness = parts.readiness();
    this.reports = Reports.of(limiting.reports(), limiting.uses(), parts.health());
    this.server = server;
    this.management = management;
  }

  private record Parts(
      JournaledLedger ledger,
      Limiting limiting,
      Repeating repeating,
      ActiveConfiguration configuration,
      Readiness readiness,
      HealthBook health,
      Pressure pressure) {}

  /// Opens the journal and listens; both are done when this returns. SQL is opened behind.
  ///
  /// @throws IOException where the journal cannot be used or a port cannot be bound
  public static Gateway start(GatewayOptions options) throws IOException {
    LedgerOptions ledgers = options.ledger();
    Recovered recovered = new Recovered();
    JournaledLedger ledger =
        JournaledLedger.open(
            JournalSettings.of(ledgers.journal(), options.instance()),
            () -> SqlLedger.open(ledgers.database()),
            InstantSource.system(),
            recovered);
    try {
      return listen(options, past(options, ledger, recovered));
    } catch (IOException | RuntimeException e) {
      ledger.close();
      throw e;
    }
  }

  private static Gateway listen(GatewayOptions options, Limiting.Past past) throws IOException {
    JournaledLedger ledger = past.ledger();
    HealthBook health = new HealthBook();
    Pressure pressure = new Pressure(options.bounds());
    GatewayMetrics metrics = metrics(ledger, health, pressure);
    Readiness readiness = new Readiness();
    Limiting limiting = new Limiting(metrics, past);
    Repeating repeating = new Repeating();
    ActiveConfiguration active =
        new ActiveConfiguration(
            new SnapshotCompiler(health),
            changed -> {
              keepPriceLists(changed, ledger.priceLists());
              repeating.configure(changed.gateway());
              limiting.configure(changed);
              inForce(changed, metrics);
              readiness.configured();
            });
    Parts parts = new Parts(ledger, limiting, repeating, active, readiness, health, pressure);
    ManagementServer management = manage(options, readiness, metrics);
    ExchangePipeline pipeline =
        new ExchangePipeline(
            active, repeating.replayer(), limiting.counting(), new Meter(ledger), metrics);
    try {
      return serve(options, parts, pipeline, management);
    } catch (IOException | RuntimeException e) {
      management.close();
      throw e;
    }
  }

  private static GatewayMetrics metrics(
      JournaledLedger ledger, HealthBook health, Pressure pressure) {
    GatewayMetrics metrics = new GatewayMetrics(ledger::statistics, Transport.best().label());
    metrics.knows(health);
    metrics.knows(pressure);
    return metrics;
  }

  private static Limiting.Past past(
      GatewayOptions options, JournaledLedger ledger, Recovered recovered) {
    LedgerDatabase database = options.ledger().database();
    return new Limiting.Past(
        ledger,
        new LedgerHistory(new SpendHistory(database), InstantSource.system()),
        new LateCharges(database),
        new ToppedUp(CreditBook.of(database)),
        recovered,
        options.instance());
  }

  private static ManagementServer manage(
      GatewayOptions options, Readiness readiness, GatewayMetrics metrics) throws IOException {
    return ManagementServer.start(
        options.management(), readiness, new Scrape(metrics), options.ledger().database());
  }

  private static Gateway serve(
      GatewayOptions options, Parts parts, ExchangePipeline pipeline, ManagementServer management)
      throws IOException {
    Transport transport = Transport.best();
    GatewayServer server =
        GatewayServer.start(
            transport,
            options.eventLoops(),
            new GatewayServer.Listening(options.callers(), pipeline, parts.pressure()));
    logListening(options, transport, server, management);
    return new Gateway(parts, server, management);
  }

  private static void logListening(
      GatewayOptions options,
      Transport transport,
      GatewayServer server,
      ManagementServer management) {
    LOG.atInfo()
        .addKeyValue("port", server.port())
        .addKeyValue("managementPort", management.port())
        .addKeyValue("transport", transport.label())
        .addKeyValue("eventLoops", options.eventLoops())
        .log("listening for callers");
  }

  private static void keepPriceLists(CompiledConfiguration changed, PriceLists priceLists) {
    changed.providers().values().stream()
        .flatMap(provider -> provider.entry().models().stream())
        .flatMap(model -> model.prices().stream())
        .forEach(
            list ->
                priceLists.keep(
                    list.version(),
                    () -> new String(SnapshotCodec.encode(list), StandardCharsets.UTF_8)));
  }

  private static void inForce(CompiledConfiguration changed, GatewayMetrics metrics) {
    metrics.configured(changed.version().sha256(), Instant.now());
    LOG.atInfo()
        .addKeyValue("version", changed.version().abbreviated())
        .addKeyValue("models", changed.models().size())
        .log("configuration in force");
  }

  /// Where snapshots are offered.
  public SnapshotSink sink() {
    return configuration;
  }

  /// What an operator is to be told of spending, keys and providers.
  public Reports reports() {
    return reports;
  }

  /// The callers' port.
  public int port() {
    return server.port();
  }

  /// The port of probes and scrapes.
  public int managementPort() {
    return management.port();
  }

  /// Is ready no more, stops accepting and lets what is on its way end.
  ///
  /// @return whether all of it had ended by the deadline
  public boolean drain(Duration deadline) {
    return drain(Duration.ZERO, deadline);
  }

  /// The same, and goes on accepting for a while: those who send callers here learn late that it is
  /// not ready. Each connection is good for one more request then.
  ///
  /// @param lag for how long; the deadline begins after it
  public boolean drain(Duration lag, Duration deadline) {
    readiness.draining();
    server.windDown();
    try {
      Thread.sleep(lag);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return server.drain(deadline.toMillis());
  }

  /// Ends at once; what was recorded and is not in SQL yet stays in the journal.
  @Override
  public void close() throws IOException {
    server.close();
    management.close();
    repeating.close();
    limiting.close();
    ledger.close();
  }
}
