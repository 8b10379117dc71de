package ai.oneflow.tests.chaos;

import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.util.List;

/// Gateways with a ledger, and whatever else they need, all of which can be struck.
///
/// Each request of a plan has a pair of key and public model for itself, which is how its line in
/// the ledger is found, whatever became of it.
interface Site extends AutoCloseable {
  /// All that serve.
  List<ServingProcess> gateways();

  /// What is sent as the key of this name.
  String secret(String name);

  /// Strikes what the request's fault is about. Blocks; any number of threads.
  void strike(PlannedRequest planned);

  /// Until everything that was struck is back, and all that was asked has ended and is in the
  /// ledger.
  void awaitIdle();

  LedgerRows rows();

  /// Has the counters summed up anew out of the ledger.
  void countAnew() throws IOException;

  @Override
  void close() throws IOException;

  /// The one that this request asks.
  default ServingProcess gateway(int request) {
    return gateways().get(request % gateways().size());
  }
}
