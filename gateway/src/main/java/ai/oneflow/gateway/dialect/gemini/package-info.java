/// Gemini's wire, so far the usage in its answers. Field names are those of Google's API reference.
@NullMarked
package ai.oneflow.gateway.dialect.gemini;

import org.jspecify.annotations.NullMarked;
