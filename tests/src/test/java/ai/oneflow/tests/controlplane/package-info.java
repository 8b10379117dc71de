/// The line from an applied manifest to a gateway's acknowledgement, on real sockets and on a real
/// API server, with push clients in the place of whole gateways.
@NullMarked
package ai.oneflow.tests.controlplane;

import org.jspecify.annotations.NullMarked;
