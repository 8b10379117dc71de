/// Anthropic's wire, so far the usage in its answers. Field names are those of Anthropic's API
/// reference.
@NullMarked
package ai.oneflow.gateway.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
