package ai.oneflow.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.meter.Money;
import ai.oneflow.gateway.health.Books;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.Succession;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.redis.QuotaStatistics;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static final Destination CHAT =
      new Destination("chat.completions", "smart", "ai", "openai", "gpt-4o");
  private static final String LABELS =
      "gen_ai_operation_name=\"chat.completions\",gen_ai_provider_name=\"ai/openai\","
          + "gen_ai_request_model=\"smart\",gen_ai_response_model=\"gpt-4o\"";
  private static final Ending COMPLETED = new Ending(Outcome.COMPLETED, 200, true, 40_000_000);
  private static final LedgerStatistics LEDGER =
      new LedgerStatistics(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, true);

  private static final Limit LIMIT =
      Limit.hard("policy|ai/total|credits|total", "all", Unit.CREDITS, new Span.Whole(), 10);

  private static final QuotaStatistics REDIS =
      new QuotaStatistics(31, 32, 33, 34, 3_500, 36, 37, 38, 39);

  private final GatewayMetrics metrics = new GatewayMetrics(() -> LEDGER, "epoll");
  private final Scrape scrape = new Scrape(metrics);
  private final HealthBook health = new HealthBook();
  private final TargetHealth openai =
      Books.of(
          health,
          new HealthBook.Target("ai/openai", "gpt-4o"),
          new TargetHealth.Settings(Duration.ZERO, 1, Duration.ofMinutes(1), 1));
  private final CredentialPool pool =
      Books.pool(
          health,
          new HealthBook.Target("ai/openai", "gpt-4o"),
          Succession.Line.of(
              List.of(new Credential.None(), new Credential.ApiKey(new Secret("another")))));
  private final Bulkhead room = health.bulkhead("ai/openai");

  @Test
  void everyMetricOfTheListIsOnThePageAndNoOther() {
    metrics.countedInRedis(() -> REDIS);
    aRequest();
    List<String> ours =
        lines().stream()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .filter(name -> !name.matches("(jvm|process|system)_.*"))
            .sorted()
            .toList();

    assertThat(ours)
        .containsExactlyElementsOf(
            List.of(Metric.values()).stream().map(Metric::exposedName).sorted().toList());
  }

  @Test
  void countsRequestsBySurfaceAndStatus() {
    metrics.started();
    metrics.started();
    metrics.finished("chat.completions", 200, 40_000_000);

    assertThat(lines())
        .contains(
            "http_requests_total{status=\"200\",surface=\"chat.completions\"} 1.0",
            "http_requests_inprogress 1.0",
            "http_request_duration_seconds_bucket{surface=\"chat.completions\",le=\"0.025\"} 0",
            "http_request_duration_seconds_bucket{surface=\"chat.completions\",le=\"0.05\"} 1",
            "http_request_duration_seconds_sum{surface=\"chat.completions\"} 0.04");
  }

  @Test
  void countsWhatProvidersDid() {
    aRequest();

    assertThat(lines())
        .contains(
            "oneflow_limits_shadowed_total{origin=\"policy ai/total\"} 1.0",
            "oneflow_budget_thresholds_total{origin=\"policy ai/total\",percent=\"80\"} 1.0",
            "oneflow_provider_requests_total{" + LABELS + ",outcome=\"completed\"} 1.0",
            "oneflow_cost_credits_total{" + LABELS + "} 1.25",
            "oneflow_provider_faults_total{code=\"provider_timeout\"," + LABELS + "} 1.0",
            "oneflow_charges_total{" + LABELS + ",state=\"priced\"} 1.0",
            "oneflow_token_parts_total{" + LABELS + ",part=\"cached_input\"} 5.0",
            "oneflow_token_parts_total{" + LABELS + ",part=\"reasoning\"} 7.0",
            "gen_ai_server_time_to_first_token_seconds_sum{" + LABELS + "} 0.02")
        .anyMatch(
            line ->
                line.startsWith("gen_ai_client_token_usage_sum")
                    && line.contains("gen_ai_token_type=\"input\"")
                    && line.endsWith(" 10.0"));
  }

  @Test
  void showsWhichBreakersAreOpen() {
    metrics.knows(health);
    String line =
        "oneflow_breaker_open{gen_ai_provider_name=\"ai/openai\",gen_ai_response_model=\"gpt-4o\"} ";
    assertThat(lines()).contains(line + "0.0");

    openai.failed(Permit.PLAIN, System.nanoTime());

    assertThat(lines()).contains(line + "1.0");
  }

  @Test
  void showsWhatBecameOfCredentials() {
    metrics.knows(health);
    pool.refused(0, Duration.ofMinutes(1), System.nanoTime());
    String line =
        "oneflow_credentials{gen_ai_provider_name=\"ai/openai\",gen_ai_response_model=\"gpt-4o\",state=";

    assertThat(lines())
        .contains(line + "\"usable\"} 1.0", line + "\"paused\"} 0.0", line + "\"refused\"} 1.0");
  }

  @Test
  void showsHowFullProvidersAre() {
    metrics.knows(health);
    room.bound(1, 1);
    room.tryEnter();
    for (int i = 0; i < 4; i++) {
      room.await(Runnable::run, () -> {});
    }

    assertThat(lines())
        .contains(
            "oneflow_provider_requests_under_way{gen_ai_provider_name=\"ai/openai\"} 1.0",
            "oneflow_provider_requests_waiting{gen_ai_provider_name=\"ai/openai\"} 1.0",
            "oneflow_provider_requests_shed_total{gen_ai_provider_name=\"ai/openai\"} 3.0");
  }

  @Test
  void showsHowLimitsAreCountedInRedisWhileTheyAre() {
    metrics.countedInRedis(() -> REDIS);

    assertThat(lines())
        .contains(
            "oneflow_redis_admitted_by_shares_total 31.0",
            "oneflow_redis_asked_total 32.0",
            "oneflow_redis_calls_total 33.0",
            "oneflow_redis_operations_total 34.0",
            "oneflow_redis_away_seconds_total 3.5",
            "oneflow_redis_shares 36.0",
            "oneflow_redis_pending_counters 37.0",
            "oneflow_redis_reaped_total 38.0",
            "oneflow_redis_rebuilds_total 39.0");

    metrics.countedInMemory();
    assertThat(lines()).noneMatch(line -> line.startsWith("oneflow_redis_"));
  }

  @Test
  void showsTheLedgerTheConfigurationAndRefusals() {
    metrics.configured("7f3c", Instant.ofEpochSecond(1_767_225_600));
    metrics.refused(ErrorCode.MODEL_NOT_FOUND);

    assertThat(lines())
        .contains(
            "oneflow_ledger_backlog_events 11.0",
            "oneflow_ledger_accepting 1.0",
            "oneflow_ledger_stalls_total 20.0",
            "oneflow_ledger_open_requests 21.0",
            "oneflow_ledger_recovered_total 22.0",
            "oneflow_configuration_info{version=\"7f3c\"} 1",
            "oneflow_configuration_applied_timestamp_seconds 1.7672256E9",
            "oneflow_transport_info{transport=\"epoll\"} 1",
            "oneflow_requests_refused_total{code=\"model_not_found\"} 1.0",
            "oneflow_requests_refused_total{code=\"internal_error\"} 0.0");
  }

  @Test
  void showsTheProcess() {
    assertThat(lines())
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
        .anyMatch(line -> line.startsWith("jvm_threads_live_threads "))
        .anyMatch(line -> line.startsWith("process_cpu_usage "))
        .anyMatch(line -> line.startsWith("process_uptime_seconds "));
  }

  @Test
  void speaksOpenMetricsWhenAsked() {
    aRequest();

    assertThat(new String(scrape.take(Scrape.OPEN_METRICS), UTF_8)).endsWith("# EOF\n");
  }

  /// A provider may say what it likes.
  @Test
  void figuresThatAreGarbageDoNotBreakThePage() {
    long most = 1_000_000_000_000_000_000L;
    Usage garbage = new Usage(most, most, most, most, most, most, most, most);
    Charge charge = new Charge.Clamped(new Money(Long.MAX_VALUE), "v1");
    for (int i = 0; i < 20_000; i++) {
      metrics.metered(CHAT, COMPLETED, Figures.ofProvider(garbage), charge);
    }

    assertThat(lines())
        .filteredOn(line -> line.startsWith("gen_ai_client_token_usage_sum"))
        .hasSize(2)
        .noneMatch(line -> line.contains("} -"));
  }

  private void aRequest() {
    metrics.started();
    metrics.knows(health);
    metrics.firstByte(CHAT, 20_000_000);
    metrics.faulted(CHAT, ErrorCode.PROVIDER_TIMEOUT);
    Usage usage = new Usage(10, 5, 0, 0, 0, 20, 7, 0);
    Charge charge = new Charge.Priced(new Money(12_500_000_000L), "v1");
    metrics.metered(CHAT, COMPLETED, Figures.ofProvider(usage), charge);
    metrics.finished("chat.completions", 200, 40_000_000);
    metrics.shadowed(LIMIT);
    metrics.crossed(new Crossing(LIMIT, 80, 0, 8));
  }

  private List<String> lines() {
    return new String(scrape.take(Scrape.TEXT), UTF_8).lines().toList();
  }
}
