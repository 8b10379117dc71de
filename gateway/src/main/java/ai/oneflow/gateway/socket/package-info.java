/// What the sockets of both sides share, callers' and providers'. It knows no HTTP and no request.
@NullMarked
package ai.oneflow.gateway.socket;

import org.jspecify.annotations.NullMarked;
