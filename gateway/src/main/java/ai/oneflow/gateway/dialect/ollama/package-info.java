/// Ollama's own wire, so far the usage in its answers. Field names are those of Ollama's API page.
@NullMarked
package ai.oneflow.gateway.dialect.ollama;

import org.jspecify.annotations.NullMarked;
