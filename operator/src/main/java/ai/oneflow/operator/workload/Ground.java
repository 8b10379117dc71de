package ai.oneflow.operator.workload;

/// What holds for the pods of all gateways of an operator.
///
/// @param image the gateway's container image
/// @param pushAddress where pods find the operator, host:port
/// @param operatorNamespace where the operator runs
/// @param authority PEM of the certificate that pods trust the operator by
/// @param runbooks URL of the page that alerts point to
public record Ground(
    String image, String pushAddress, String operatorNamespace, String authority, String runbooks) {
  public Ground {
    if (!pushAddress.matches(".+:[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "the push address must be host:port, not '" + pushAddress + "'");
    }
  }

  String pushHost() {
    return pushAddress.substring(0, pushAddress.lastIndexOf(':'));
  }

  int pushPort() {
    return Integer.parseInt(pushAddress.substring(pushAddress.lastIndexOf(':') + 1));
  }

  /// Whether the operator is found by the name of a Service of its namespace, and so is a pod
  /// there.
  boolean operatorIsInside() {
    String host = pushHost();
    String service = "." + operatorNamespace + ".svc";
    return host.endsWith(service) || host.contains(service + ".");
  }
}
