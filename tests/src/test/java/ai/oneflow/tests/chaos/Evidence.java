package ai.oneflow.tests.chaos;

import ai.oneflow.simulator.ReceivedRequest;
import java.util.List;

/// What three witnesses say of one request.
///
/// @param interrupted whether the gateway was killed while it ran, or was still counting its tokens
/// @param received what the provider got of it: none, where the request never reached it
/// @param rows what the ledger has of it
record Evidence(
    Seen seen, boolean interrupted, List<ReceivedRequest> received, List<LedgerRows.Row> rows) {
  Evidence {
    received = List.copyOf(received);
    rows = List.copyOf(rows);
  }

  PlannedRequest planned() {
    return seen.planned();
  }

  @Override
  public String toString() {
    return "%s%n  caller: %s%n  provider: %s%n  ledger: %s"
        .formatted(
            seen.planned(),
            seen,
            received.stream().map(one -> one.planned().outcome() + " " + one.produced()).toList(),
            rows);
  }
}
