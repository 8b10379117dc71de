/// Cohere's wire, so far the usage in its answers. Field names are those of Cohere's API reference.
@NullMarked
package ai.oneflow.gateway.dialect.cohere;

import org.jspecify.annotations.NullMarked;
