package ai.oneflow.gateway.exchange.parse;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import io.netty.buffer.ByteBuf;

/// What is asked for, and the bytes in which it was asked.
///
/// @param body the whole body; belongs to the exchange
public record ParsedRequest(Surface surface, OpenAiRequest fields, ByteBuf body) {}
