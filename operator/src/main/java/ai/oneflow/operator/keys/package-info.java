/// Makes callers' keys, replaces them when that is due, and keeps them in Secrets: the one place
/// that sees a key's plaintext.
///
/// This package knows ApiKeys and Secrets; it must not know gateways.
@NullMarked
package ai.oneflow.operator.keys;

import org.jspecify.annotations.NullMarked;
