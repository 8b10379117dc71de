package ai.oneflow.snapshot;

import java.util.Optional;

/// A gateway's first message on a stream: who it is and what it runs.
///
/// @param gatewayNamespace the LLMGateway's
/// @param gatewayName the LLMGateway's
/// @param instance the pod's name, unique among those connected
/// @param held the snapshot that it serves by; empty on a first start
public record Hello(
    String gatewayNamespace, String gatewayName, String instance, Optional<SnapshotVersion> held)
    implements FromGateway {
  public Hello {
    Require.text("gatewayNamespace", gatewayNamespace);
    Require.text("gatewayName", gatewayName);
    Require.text("instance", instance);
  }
}
