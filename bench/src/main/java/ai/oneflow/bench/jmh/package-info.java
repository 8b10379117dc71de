/// Microbenchmarks: what a thing on the request path costs, to choose between ways to do it.
///
/// One class a question, named after it. They say nothing about throughput; the load comparison
/// does.
@NullMarked
package ai.oneflow.bench.jmh;

import org.jspecify.annotations.NullMarked;
