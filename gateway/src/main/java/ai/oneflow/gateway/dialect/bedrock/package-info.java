/// Amazon Bedrock's wire, so far the usage in its answers and the frames of its streams. Field
/// names are those of the API reference of Bedrock Runtime.
@NullMarked
package ai.oneflow.gateway.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
