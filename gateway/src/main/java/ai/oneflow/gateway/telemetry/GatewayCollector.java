package ai.oneflow.gateway.telemetry;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.accept.Pressure;
import ai.oneflow.gateway.exchange.replay.Repetition;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.redis.QuotaStatistics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Arrays;

/// Reads the meters at a scrape.
final class GatewayCollector implements MultiCollector {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double HALF = 0.5;

  private final GatewayMetrics metrics;

  GatewayCollector(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    requests(families);
    pressure(families, metrics.pressure());
    metrics
        .byDestination()
        .forEach((destination, meters) -> destination(families, labels(destination), meters));
    breakers(families);
    credentials(families);
    bulkheads(families);
    ledger(families, metrics.ledger());
    metrics.redis().ifPresent(redis -> redis(families, redis));
    process(families);
    return families.snapshots();
  }

  private void requests(Families families) {
    families.gauge(Metric.HTTP_REQUESTS_IN_PROGRESS, metrics.inProgress());
    metrics
        .bySurface()
        .forEach(
            (surface, meters) -> {
              families.histogram(Metric.HTTP_REQUEST_DURATION, meters.durations(), surface);
              meters.statuses(
                  (status, count) ->
                      families.counter(
                          Metric.HTTP_REQUESTS, count, surface, String.valueOf(status)));
            });
    for (ErrorCode code : ErrorCode.values()) {
      families.counter(Metric.REQUESTS_REFUSED, metrics.refusedWith(code), code.code());
    }
    for (Repetition.Result result : Repetition.Result.values()) {
      families.counter(Metric.IDEMPOTENT_REQUESTS, metrics.repeatedWith(result), result.label());
    }
    limits(families);
  }

  private static void pressure(Families families, Pressure pressure) {
    for (Pressure.Reason reason : Pressure.Reason.values()) {
      families.counter(Metric.REQUESTS_SHED, pressure.shedBy(reason), reason.label());
    }
    families.gauge(Metric.EVENT_LOOP_LAG, pressure.lagSeconds());
    families.gauge(Metric.BODY_BYTES, pressure.bodyBytes());
    families.gauge(Metric.CALLER_CONNECTIONS, pressure.openConnections());
  }

  private void limits(Families families) {
    metrics
        .shadowed()
        .forEach((origin, count) -> families.counter(Metric.LIMITS_SHADOWED, count.sum(), origin));
    metrics
        .crossed()
        .forEach(
            (origin, byPercent) ->
                byPercent.forEach(
                    (percent, count) ->
                        families.counter(
                            Metric.BUDGET_THRESHOLDS,
                            count.sum(),
                            origin,
                            Integer.toString(percent))));
  }

  private void breakers(Families families) {
    metrics
        .health()
        .forEach(
            (target, health) ->
                families.gauge(
                    Metric.BREAKER_OPEN,
                    switch (health.breaker()) {
                      case CLOSED -> 0.0;
                      case OPEN -> 1.0;
                      case HALF_OPEN -> HALF;
                    },
                    target.provider(),
                    target.model()));
  }

  private void credentials(Families families) {
    long now = System.nanoTime();
    metrics
        .pools()
        .forEach(
            (target, pool) -> {
              CredentialPool.Census census = pool.census(now);
              credentials(families, target, "usable", census.usable());
              credentials(families, target, "paused", census.paused());
              credentials(families, target, "refused", census.refused());
            });
  }

  private static void credentials(
      Families families, HealthBook.Target target, String state, int count) {
    families.gauge(Metric.CREDENTIALS, count, target.provider(), target.model(), state);
  }

  private void bulkheads(Families families) {
    metrics
        .bulkheads()
        .forEach(
            (provider, bulkhead) -> {
              families.gauge(Metric.PROVIDER_UNDER_WAY, bulkhead.underWay(), provider);
              families.gauge(Metric.PROVIDER_WAITING, bulkhead.waiting(), provider);
              families.counter(Metric.PROVIDER_SHED, bulkhead.shed(), provider);
            });
  }

  private static void destination(Families families, String[] labels, DestinationMeters meters) {
    families.histogram(Metric.OPERATION_DURATION, meters.durations(), labels);
    families.histogram(Metric.TIME_TO_FIRST_TOKEN, meters.firstTokens(), labels);
    families.histogram(Metric.TOKEN_USAGE, meters.inputTokens(), and(labels, "input"));
    families.histogram(Metric.TOKEN_USAGE, meters.outputTokens(), and(labels, "output"));
    families.counter(Metric.COST, meters.credits(), labels);
    for (Outcome outcome : Outcome.values()) {
      double count = meters.outcomes().of(outcome);
      families.counter(Metric.PROVIDER_REQUESTS, count, and(labels, outcome.label()));
    }
    for (ErrorCode code : ErrorCode.values()) {
      double count = meters.faults().of(code);
      if (count > 0) {
        families.counter(Metric.PROVIDER_FAULTS, count, and(labels, code.code()));
      }
    }
    for (ChargeState state : ChargeState.values()) {
      double count = meters.charges().of(state);
      families.counter(Metric.CHARGES, count, and(labels, state.label()));
    }
    for (TokenPart part : TokenPart.values()) {
      families.counter(Metric.TOKEN_PARTS, meters.parts().of(part), and(labels, part.label()));
    }
  }

  private static void ledger(Families families, LedgerStatistics ledger) {
    families.gauge(Metric.LEDGER_BACKLOG_EVENTS, ledger.backlogEvents());
    families.gauge(Metric.LEDGER_BACKLOG_BYTES, ledger.backlogBytes());
    families.gauge(Metric.LEDGER_JOURNAL_BYTES, ledger.journalBytes());
    families.gauge(Metric.LEDGER_ACCEPTING, ledger.accepting() ? 1 : 0);
    families.counter(Metric.LEDGER_WRITTEN, ledger.written());
    families.counter(Metric.LEDGER_DUPLICATES, ledger.duplicates());
    families.counter(Metric.LEDGER_LOST, ledger.refused());
    families.counter(Metric.LEDGER_TORN_FILES, ledger.torn());
    families.counter(Metric.LEDGER_UNREADABLE_FILES, ledger.unreadable());
    families.counter(Metric.LEDGER_SQL_FAILURES, ledger.sqlFailures());
    families.counter(Metric.LEDGER_STALLS, ledger.stalls());
    families.gauge(Metric.LEDGER_OPEN_REQUESTS, ledger.open());
    families.counter(Metric.LEDGER_RECOVERED, ledger.recovered());
  }

  private static void redis(Families families, QuotaStatistics redis) {
    families.counter(Metric.REDIS_ADMITTED_BY_SHARES, redis.here());
    families.counter(Metric.REDIS_ASKED, redis.asked());
    families.counter(Metric.REDIS_CALLS, redis.batches());
    families.counter(Metric.REDIS_OPERATIONS, redis.operations());
    families.counter(Metric.REDIS_AWAY, redis.awayMillis() / MILLIS_PER_SECOND);
    families.gauge(Metric.REDIS_SHARES, redis.shares());
    families.gauge(Metric.REDIS_PENDING, redis.pending());
    families.counter(Metric.REDIS_REAPED, redis.reaped());
    families.counter(Metric.REDIS_REBUILDS, redis.rebuilds());
  }

  private void process(Families families) {
    GatewayMetrics.Configuration configuration = metrics.configuration();
    families.info(Metric.CONFIGURATION, configuration.version());
    families.gauge(
        Metric.CONFIGURATION_APPLIED, configuration.applied().toEpochMilli() / MILLIS_PER_SECOND);
    families.info(Metric.TRANSPORT, metrics.transport());
  }

  private static String[] labels(Destination destination) {
    return new String[] {
      destination.surface(),
      destination.publicModel(),
      destination.providerNamespace() + "/" + destination.providerName(),
      destination.upstreamModel()
    };
  }

  private static String[] and(String[] labels, String more) {
    String[] all = Arrays.copyOf(labels, labels.length + 1);
    all[labels.length] = more;
    return all;
  }
}
