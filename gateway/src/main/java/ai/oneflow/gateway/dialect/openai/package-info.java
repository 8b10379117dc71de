/// OpenAI's wire: requests read and spliced, usage read out of answers and streams, errors and
/// model lists written. Field names are those of OpenAI's API reference.
@NullMarked
package ai.oneflow.gateway.dialect.openai;

import org.jspecify.annotations.NullMarked;
