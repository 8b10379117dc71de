/// Makes callers' keys and keeps them in Secrets: the one place that sees a key's plaintext.
///
/// This package knows ApiKeys and Secrets; it must not know gateways. Replacing keys on a schedule
/// will live here too.
@NullMarked
package ai.oneflow.operator.keys;

import org.jspecify.annotations.NullMarked;
