/// Sockets to providers: pooled for each event loop, HTTP/1.1, TLS. Used by the attempt stage
/// alone; it knows no dialect, no caller and no money.
@NullMarked
package ai.oneflow.gateway.upstream;

import org.jspecify.annotations.NullMarked;
