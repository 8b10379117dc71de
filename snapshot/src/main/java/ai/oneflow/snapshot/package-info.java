/// The contract between control plane and data plane.
///
/// The operator builds a [ai.oneflow.snapshot.GatewaySnapshot] out of resources that it has judged
/// and resolved; a gateway compiles it and serves by it. What travels are the messages of
/// [ai.oneflow.snapshot.PushService]. This package knows no Kubernetes and no Netty.
///
/// Three rules keep versions of both sides together: a component with its default value is left out
/// on the wire; a component that a gateway does not know is refused (a
/// [ai.oneflow.snapshot.Nack]), so that no gateway serves a rule in part; and an operator that does
/// not know a message ends the stream, so a gateway sends newer ones only to an operator that says
/// that it takes them ([ai.oneflow.snapshot.PushService#TAKES]).
@NullMarked
package ai.oneflow.snapshot;

import org.jspecify.annotations.NullMarked;
