/// The whole line, from `kubectl apply` to a line in the ledger, on real parts: API server,
/// operator, gateway processes, the official SDK. Knows only what their users know of them:
/// manifests, flags, HTTP and the ledger's view.
@NullMarked
package ai.oneflow.tests.endtoend;

import org.jspecify.annotations.NullMarked;
