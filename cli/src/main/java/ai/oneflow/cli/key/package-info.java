/// What there is to say of callers' keys: how old they are, when they end, which are due. Pure
/// functions of resources and the time.
@NullMarked
package ai.oneflow.cli.key;

import org.jspecify.annotations.NullMarked;
