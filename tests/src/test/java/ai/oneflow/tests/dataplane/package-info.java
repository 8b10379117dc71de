/// The gateway against the provider stand-in and the recordings, over real sockets.
@NullMarked
package ai.oneflow.tests.dataplane;

import org.jspecify.annotations.NullMarked;
