package ai.oneflow.gateway.telemetry;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.ExchangeObserver;
import ai.oneflow.gateway.exchange.accept.Bounds;
import ai.oneflow.gateway.exchange.accept.Pressure;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.replay.Repetition;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.redis.QuotaStatistics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Counts what the exchange does. Event loops call it; a request costs some twenty uncontended
/// additions, a look-up by a destination that is the same object each time, and no memory.
///
/// The series of a destination that configuration took away stay until the process ends: counters
/// that vanish and come back would be read as new ones. Their number is bounded by what
/// configuration ever named.
public final class GatewayMetrics implements ExchangeObserver {
  private final Supplier<LedgerStatistics> ledger;
  private final String transport;

  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Counters<ErrorCode> refused = new Counters<>(ErrorCode.values());
  private final Counters<Repetition.Result> repeated = new Counters<>(Repetition.Result.values());
  private final Map<String, LongAdder> shadowed = new ConcurrentHashMap<>();
  private final Map<String, Map<Integer, LongAdder>> crossed = new ConcurrentHashMap<>();
  private final Map<String, HttpMeters> bySurface = new ConcurrentHashMap<>();
  private final Map<Destination, DestinationMeters> byDestination = new ConcurrentHashMap<>();
  private volatile Pressure pressure = new Pressure(Bounds.usual());
  private volatile HealthBook targets = new HealthBook();
  private volatile Supplier<Optional<QuotaStatistics>> redis = Optional::empty;
  private volatile Configuration configuration = new Configuration("", Instant.EPOCH);

  /// What is served by; no version before the first configuration.
  record Configuration(String version, Instant applied) {}

  /// Makes the meters of one gateway.
  ///
  /// @param ledger asked at each scrape
  /// @param transport how sockets are served, such as `epoll`
  public GatewayMetrics(Supplier<LedgerStatistics> ledger, String transport) {
    this.ledger = ledger;
    this.transport = transport;
  }

  /// A configuration is in force from this moment on.
  public void configured(String version, Instant applied) {
    configuration = new Configuration(version, applied);
  }

  @Override
  public void started() {
    started.increment();
  }

  @Override
  public void finished(String surface, int status, long durationNanos) {
    ended.increment();
    HttpMeters meters = bySurface.get(surface);
    if (meters == null) {
      meters = bySurface.computeIfAbsent(surface, any -> new HttpMeters());
    }
    meters.finished(status, durationNanos);
  }

  @Override
  public void refused(ErrorCode code) {
    refused.increment(code);
  }

  @Override
  public void repeated(Repetition.Result result) {
    repeated.increment(result);
  }

  @Override
  public void shadowed(Limit limit) {
    shadowed.computeIfAbsent(limit.origin(), any -> new LongAdder()).increment();
  }

  @Override
  public void faulted(Destination destination, ErrorCode code) {
    of(destination).faulted(code);
  }

  @Override
  public void metered(Destination destination, Ending ending, Figures figures, Charge charge) {
    DestinationMeters meters = of(destination);
    meters.ended(ending);
    if (figures.source() != UsageSource.NONE) {
      meters.used(figures.usage());
    }
    meters.charged(charge);
  }

  @Override
  public void firstByte(Destination destination, long sinceStartNanos) {
    of(destination).firstPiece(sinceStartNanos);
  }

  private DestinationMeters of(Destination destination) {
    DestinationMeters meters = byDestination.get(destination);
    return meters != null
        ? meters
        : byDestination.computeIfAbsent(destination, any -> new DestinationMeters());
  }

  /// A budget has reached a threshold.
  public void crossed(Crossing crossing) {
    crossed
        .computeIfAbsent(crossing.limit().origin(), any -> new ConcurrentHashMap<>())
        .computeIfAbsent(crossing.percent(), any -> new LongAdder())
        .increment();
  }

  /// What is known of targets.
  ///
  /// @param health asked at each scrape
  public void knows(HealthBook health) {
    targets = health;
  }

  /// What the gateway has taken on.
  ///
  /// @param taken asked at each scrape
  public void knows(Pressure taken) {
    pressure = taken;
  }

  Pressure pressure() {
    return pressure;
  }

  Map<HealthBook.Target, TargetHealth> health() {
    return targets.all();
  }

  Map<HealthBook.Target, CredentialPool> pools() {
    return targets.pools();
  }

  Map<String, Bulkhead> bulkheads() {
    return targets.bulkheads();
  }

  /// Limits are counted in Redis from now on.
  ///
  /// @param statistics asked at each scrape
  public void countedInRedis(Supplier<QuotaStatistics> statistics) {
    redis = () -> Optional.of(statistics.get());
  }

  /// Limits are counted in memory from now on.
  public void countedInMemory() {
    redis = Optional::empty;
  }

  /// Empty while limits are counted in memory.
  Optional<QuotaStatistics> redis() {
    return redis.get();
  }

  Map<String, LongAdder> shadowed() {
    return shadowed;
  }

  Map<String, Map<Integer, LongAdder>> crossed() {
    return crossed;
  }

  long inProgress() {
    return Math.max(0, started.sum() - ended.sum());
  }

  double refusedWith(ErrorCode code) {
    return refused.of(code);
  }

  double repeatedWith(Repetition.Result result) {
    return repeated.of(result);
  }

  Map<String, HttpMeters> bySurface() {
    return bySurface;
  }

  Map<Destination, DestinationMeters> byDestination() {
    return byDestination;
  }

  LedgerStatistics ledger() {
    return ledger.get();
  }

  Configuration configuration() {
    return configuration;
  }

  String transport() {
    return transport;
  }
}
