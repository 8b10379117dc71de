/// The neutral model that surfaces (what a caller speaks) and dialects (what a target speaks) meet
/// in, and the codecs of each dialect. It knows no stage of the exchange and no socket.
@NullMarked
package ai.oneflow.gateway.dialect;

import org.jspecify.annotations.NullMarked;
