/// Receives snapshots from the operator and answers for them.
///
/// [ai.oneflow.gateway.config.push.PushClient] keeps one stream open, for ever, and hands what it
/// receives to a [ai.oneflow.gateway.config.SnapshotSink]. It must not know what a snapshot means.
@NullMarked
package ai.oneflow.gateway.config.push;

import org.jspecify.annotations.NullMarked;
