/// What can be measured of a gateway: one list of metrics, counters for the event loops, and the
/// page that a Prometheus server reads. It hears of requests as an observer of the exchange, which
/// does not know it, and knows no HTTP.
@NullMarked
package ai.oneflow.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
