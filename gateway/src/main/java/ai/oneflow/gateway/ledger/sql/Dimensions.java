package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The four tables that an event refers to.
final class Dimensions {
  private final Dimension<String> gateways =
      new Dimension<>("usage_gateway", List.of("name"), name -> List.of(name));

  private final Dimension<Caller> callers =
      new Dimension<>(
          "usage_caller",
          List.of("key_namespace", "key_name", "user_name", "project"),
          caller ->
              List.of(caller.keyNamespace(), caller.keyName(), caller.user(), caller.project()));

  private final Dimension<Destination> destinations =
      new Dimension<>(
          "usage_destination",
          List.of(
              "surface", "public_model", "provider_namespace", "provider_name", "upstream_model"),
          destination ->
              List.of(
                  destination.surface(),
                  destination.publicModel(),
                  destination.providerNamespace(),
                  destination.providerName(),
                  destination.upstreamModel()));

  private final Dimension<Verdict> verdicts =
      new Dimension<>(
          "usage_ending",
          List.of(
              "outcome",
              "http_status",
              "streamed",
              "usage_source",
              "charge_state",
              "price_version"),
          verdict ->
              List.of(
                  verdict.outcome().label(),
                  verdict.httpStatus(),
                  verdict.streamed() ? 1 : 0,
                  verdict.source().label(),
                  verdict.state().label(),
                  verdict.priceVersion()));

  /// Everything about an ending that takes few values.
  private record Verdict(
      Outcome outcome,
      int httpStatus,
      boolean streamed,
      UsageSource source,
      ChargeState state,
      String priceVersion) {
    static Verdict of(UsageEvent event) {
      return new Verdict(
          event.ending().outcome(),
          event.ending().httpStatus(),
          event.ending().streamed(),
          event.usageSource(),
          event.cost().state(),
          event.cost().priceVersion());
    }
  }

  /// The numbers that a row of `usage_event` holds.
  ///
  /// @param failed those of the destinations of the attempts that failed before, in their order
  record Numbers(long gateway, long caller, long destination, long ending, List<Long> failed) {}

  Numbers of(String gateway, UsageEvent event, Connection connection) throws SQLException {
    return new Numbers(
        gateways.numberOf(gateway, connection),
        callers.numberOf(event.caller(), connection),
        destinations.numberOf(event.destination(), connection),
        verdicts.numberOf(Verdict.of(event), connection),
        failed(event.failed(), connection));
  }

  private List<Long> failed(List<FailedAttempt> attempts, Connection connection)
      throws SQLException {
    if (attempts.isEmpty()) {
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(attempts.size());
    for (FailedAttempt attempt : attempts) {
      numbers.add(destinations.numberOf(attempt.destination(), connection));
    }
    return numbers;
  }
}
