package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.LLMGatewayStatus.Gateways;
import java.time.Duration;
import java.util.Optional;

/// How far the pods of a gateway are.
///
/// @param acknowledged the snapshot that all of them run, abbreviated; empty while they differ
/// @param lasted from the last change's arrival at the operator to the last acknowledgement; empty
///     while that is awaited
public record Convergence(
    Optional<String> acknowledged, Gateways gateways, Optional<Duration> lasted) {}
