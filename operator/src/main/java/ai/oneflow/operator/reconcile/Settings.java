package ai.oneflow.operator.reconcile;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// What a control plane needs to know before it can ask the cluster.
///
/// @param ownNamespace where the operator runs and keeps its certificates
/// @param namespaces to watch; empty: all
/// @param pushAddress where to listen for gateways; port 0 takes a free one
/// @param pushNames the DNS names and IP addresses that gateways connect to, at least one
/// @param pods what the pods of gateways are told
/// @param statusWrites the most statuses that are written in a second, of all resources together
/// @param runbooks URL of the page that alerts point to, without a fragment
public record Settings(
    String ownNamespace,
    Set<String> namespaces,
    InetSocketAddress pushAddress,
    List<String> pushNames,
    Pods pods,
    int statusWrites,
    String runbooks) {
  private static final int MOST_STATUS_WRITES = 9_999;

  public Settings {
    namespaces = Set.copyOf(namespaces);
    pushNames = List.copyOf(pushNames);
    if (ownNamespace.isBlank()) {
      throw new IllegalArgumentException("the operator's own namespace must not be blank");
    }
    if (pushNames.isEmpty()) {
      throw new IllegalArgumentException(
          "the push server needs a name for its certificate, as in oneflow-operator.oneflow.svc");
    }
    if (!runbooks.matches("https?://[^#\\s]+")) {
      throw new IllegalArgumentException(
          "the page of runbooks must be an http:// or https:// URL without '#', not '"
              + runbooks
              + "'");
    }
    if (statusWrites < 1 || statusWrites > MOST_STATUS_WRITES) {
      throw new IllegalArgumentException(
          "status writes must be 1 to " + MOST_STATUS_WRITES + " a second, not " + statusWrites);
    }
  }

  /// What the pods of gateways are told.
  ///
  /// @param image their container image
  /// @param pushAddress where they find the operator, host:port; the host is one of the push names
  public record Pods(String image, String pushAddress) {}
}
