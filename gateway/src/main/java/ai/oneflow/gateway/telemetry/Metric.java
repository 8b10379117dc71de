package ai.oneflow.gateway.telemetry;

import java.util.List;

/// Every metric of the gateway's own, once: its name as Prometheus sees it, its kind, its labels
/// and what it means. `docs/reference/metrics.md` is made from here.
///
/// Names that start with `gen_ai_` are OpenTelemetry's, their dots turned into underscores. Labels
/// take values of configuration and of closed lists alone, never of a caller's choosing.
enum Metric {
  HTTP_REQUESTS(
      Kind.COUNTER,
      "http_requests_total",
      Labels.HTTP_STATUS,
      "Requests that ended, by the status answered; 0 where the caller had gone"),
  HTTP_REQUEST_DURATION(
      Kind.HISTOGRAM,
      "http_request_duration_seconds",
      Labels.HTTP,
      "From a request's head to the end of its answer"),
  HTTP_REQUESTS_IN_PROGRESS(
      Kind.GAUGE, "http_requests_inprogress", List.of(), "Requests that have not ended"),
  REQUESTS_REFUSED(
      Kind.COUNTER,
      "oneflow_requests_refused_total",
      List.of("code"),
      "Requests answered with an error of the gateway's, by its code"),
  REQUESTS_SHED(
      Kind.COUNTER,
      "oneflow_requests_shed_total",
      List.of("reason"),
      "Requests refused since the gateway has taken on as much as it can: an event loop has more to"
          + " do than it can (lag), or bodies take as much memory as they may (bodies)"),
  EVENT_LOOP_LAG(
      Kind.GAUGE,
      "oneflow_event_loop_lag_seconds",
      List.of(),
      "How long a turn of the event loop took that was slowest when it last looked"),
  BODY_BYTES(
      Kind.GAUGE,
      "oneflow_body_bytes",
      List.of(),
      "What is held of the bodies of requests, and of answers until they are whole"),
  CALLER_CONNECTIONS(
      Kind.GAUGE, "oneflow_caller_connections", List.of(), "Connections of callers that are open"),
  IDEMPOTENT_REQUESTS(
      Kind.COUNTER,
      "oneflow_idempotent_requests_total",
      List.of("result"),
      "Requests with an Idempotency-Key: the first of theirs, replayed, or refused"),
  LIMITS_SHADOWED(
      Kind.COUNTER,
      "oneflow_limits_shadowed_total",
      List.of("origin"),
      "Requests that a policy in shadow would have refused"),
  BUDGET_THRESHOLDS(
      Kind.COUNTER,
      "oneflow_budget_thresholds_total",
      List.of("origin", "percent"),
      "Thresholds of budgets that were reached, once a period"),
  PROVIDER_REQUESTS(
      Kind.COUNTER,
      "oneflow_provider_requests_total",
      Labels.PROVIDER_OUTCOME,
      "Requests that a provider was called with, by how they ended"),
  PROVIDER_FAULTS(
      Kind.COUNTER,
      "oneflow_provider_faults_total",
      Labels.PROVIDER_CODE,
      "Attempts that failed by their provider's fault, whether or not another one answered"),
  BREAKER_OPEN(
      Kind.GAUGE,
      "oneflow_breaker_open",
      Labels.TARGET,
      "Whether a model of a provider is left alone after faults; 0.5 while a probe is let through"),
  CREDENTIALS(
      Kind.GAUGE,
      "oneflow_credentials",
      Labels.TARGET_STATE,
      "Credentials of a provider by what a model of it makes of them: usable, paused since their"
          + " own limits are used up, or refused"),
  PROVIDER_UNDER_WAY(
      Kind.GAUGE,
      "oneflow_provider_requests_under_way",
      Labels.PROVIDER_ALONE,
      "Requests under way at a provider, of limits.maxConcurrent"),
  PROVIDER_WAITING(
      Kind.GAUGE,
      "oneflow_provider_requests_waiting",
      Labels.PROVIDER_ALONE,
      "Requests that wait for their turn at a provider, of limits.queue"),
  PROVIDER_SHED(
      Kind.COUNTER,
      "oneflow_provider_requests_shed_total",
      Labels.PROVIDER_ALONE,
      "How often a request found a provider's queue full or waited in it too long; another"
          + " provider may have answered it"),
  OPERATION_DURATION(
      Kind.HISTOGRAM,
      "gen_ai_client_operation_duration_seconds",
      Labels.PROVIDER,
      "The same requests, from their first byte to the last of the answer"),
  TIME_TO_FIRST_TOKEN(
      Kind.HISTOGRAM,
      "gen_ai_server_time_to_first_token_seconds",
      Labels.PROVIDER,
      "From a request's head to the first piece of the provider's answer"),
  TOKEN_USAGE(
      Kind.HISTOGRAM,
      "gen_ai_client_token_usage",
      Labels.PROVIDER_TOKENS,
      "Tokens of a request, as the provider or, where it did not, the gateway counted them"),
  TOKEN_PARTS(
      Kind.COUNTER,
      "oneflow_token_parts_total",
      Labels.PROVIDER_PART,
      "Tokens within those, by their special price"),
  COST(
      Kind.COUNTER,
      "oneflow_cost_credits_total",
      Labels.PROVIDER,
      "What was charged, in credits (US cents); the ledger is exact, this is a double"),
  CHARGES(
      Kind.COUNTER,
      "oneflow_charges_total",
      Labels.PROVIDER_CHARGE,
      "Charges by how far they can be trusted"),
  LEDGER_BACKLOG_EVENTS(
      Kind.GAUGE,
      "oneflow_ledger_backlog_events",
      List.of(),
      "Usage events of this process that SQL does not have yet"),
  LEDGER_BACKLOG_BYTES(
      Kind.GAUGE,
      "oneflow_ledger_backlog_bytes",
      List.of(),
      "Bytes of the journal that SQL does not have yet, earlier processes' too"),
  LEDGER_JOURNAL_BYTES(
      Kind.GAUGE,
      "oneflow_ledger_journal_bytes",
      List.of(),
      "What the journal's files take of the disk"),
  LEDGER_ACCEPTING(
      Kind.GAUGE,
      "oneflow_ledger_accepting",
      List.of(),
      "1, or 0 while requests are refused because their usage could not be recorded"),
  LEDGER_WRITTEN(
      Kind.COUNTER, "oneflow_ledger_written_total", List.of(), "Usage events that became rows"),
  LEDGER_DUPLICATES(
      Kind.COUNTER,
      "oneflow_ledger_duplicates_total",
      List.of(),
      "Usage events that SQL had already, as after a crash"),
  LEDGER_LOST(
      Kind.COUNTER,
      "oneflow_ledger_lost_total",
      List.of(),
      "Usage events that could not be recorded; anything but 0 is a fault"),
  LEDGER_TORN_FILES(
      Kind.COUNTER,
      "oneflow_ledger_torn_files_total",
      List.of(),
      "Journal files whose end was cut in the middle of an event"),
  LEDGER_UNREADABLE_FILES(
      Kind.COUNTER,
      "oneflow_ledger_unreadable_files_total",
      List.of(),
      "Journal files that were set aside, since this version does not understand them"),
  LEDGER_SQL_FAILURES(
      Kind.COUNTER,
      "oneflow_ledger_sql_failures_total",
      List.of(),
      "Attempts to reach the ledger's database that failed"),
  LEDGER_STALLS(
      Kind.COUNTER,
      "oneflow_ledger_stalls_total",
      List.of(),
      "Times that an event loop had to make a journal file itself"),
  LEDGER_OPEN_REQUESTS(
      Kind.GAUGE,
      "oneflow_ledger_open_requests",
      List.of(),
      "Requests on their way that would be charged if this process died now"),
  LEDGER_RECOVERED(
      Kind.COUNTER,
      "oneflow_ledger_recovered_total",
      List.of(),
      "Requests that died with an earlier process and were charged by their last progress"),
  REDIS_ADMITTED_BY_SHARES(
      Kind.COUNTER,
      "oneflow_redis_admitted_by_shares_total",
      List.of(),
      "Requests whose limits were met out of shares, without asking Redis"),
  REDIS_ASKED(
      Kind.COUNTER, "oneflow_redis_asked_total", List.of(), "Requests that Redis was asked about"),
  REDIS_CALLS(Kind.COUNTER, "oneflow_redis_calls_total", List.of(), "Batches sent to Redis"),
  REDIS_OPERATIONS(
      Kind.COUNTER,
      "oneflow_redis_operations_total",
      List.of(),
      "What went with them: requests, settlements, looks"),
  REDIS_AWAY(
      Kind.COUNTER,
      "oneflow_redis_away_seconds_total",
      List.of(),
      "For how long Redis did not answer in time, the start included"),
  REDIS_SHARES(
      Kind.GAUGE,
      "oneflow_redis_shares",
      List.of(),
      "Counters of which this gateway holds a share now"),
  REDIS_PENDING(
      Kind.GAUGE,
      "oneflow_redis_pending_counters",
      List.of(),
      "Counters of which Redis is still to be told something"),
  REDIS_REAPED(
      Kind.COUNTER,
      "oneflow_redis_reaped_total",
      List.of(),
      "Dead gateways whose holds this one gave back"),
  REDIS_REBUILDS(
      Kind.COUNTER,
      "oneflow_redis_rebuilds_total",
      List.of(),
      "Times that this gateway wrote lost counters anew from the ledger"),
  CONFIGURATION(
      Kind.INFO,
      "oneflow_configuration_info",
      List.of("version"),
      "The snapshot that is served by"),
  CONFIGURATION_APPLIED(
      Kind.GAUGE,
      "oneflow_configuration_applied_timestamp_seconds",
      List.of(),
      "When that was, in seconds since 1970"),
  TRANSPORT(Kind.INFO, "oneflow_transport_info", List.of("transport"), "How sockets are served");

  /// Of Prometheus.
  enum Kind {
    COUNTER("_total"),
    GAUGE(""),
    HISTOGRAM(""),
    INFO("_info");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Kind kind;
  private final String exposedName;
  private final String labels;
  private final String meaning;

  Metric(Kind kind, String exposedName, List<String> labels, String meaning) {
    this.kind = kind;
    this.exposedName = exposedName;
    this.labels = String.join(",", labels);
    this.meaning = meaning;
  }

  Kind kind() {
    return kind;
  }

  /// As it stands on the page.
  String exposedName() {
    return exposedName;
  }

  /// Without the ending that its kind adds.
  String baseName() {
    return exposedName.substring(0, exposedName.length() - kind.suffix.length());
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(",", -1));
  }

  String meaning() {
    return meaning;
  }
}
