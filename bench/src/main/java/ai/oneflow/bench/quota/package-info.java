/// What it costs Redis and the gateway to take a request's limits and to settle them.
@NullMarked
package ai.oneflow.bench.quota;

import org.jspecify.annotations.NullMarked;
