/// Brings snapshots to gateways and counts their answers.
///
/// [ai.oneflow.operator.push.PushServer] lets in gateways that can prove who they are,
/// [ai.oneflow.operator.push.Fleet] knows what each of them runs and sends what is missing. This
/// package knows snapshots and versions; it must not know what resources they were built from.
@NullMarked
package ai.oneflow.operator.push;

import org.jspecify.annotations.NullMarked;
