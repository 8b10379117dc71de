package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Renders errors as OpenAI does: `{"error": {"message", "type", "param", "code"}}`
/// (<https://platform.openai.com/docs/guides/error-codes>).
public final class OpenAiErrors {
  private static final JsonMapper JSON = new JsonMapper();

  private OpenAiErrors() {}

  /// The body of an answer.
  public static byte[] render(GatewayError error) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode inner = body.putObject("error");
    inner.put("message", error.message());
    inner.put("type", type(error.code()));
    inner.put("param", error.param().isEmpty() ? null : error.param());
    inner.put("code", error.code().code());
    return body.toString().getBytes(UTF_8);
  }

  /// The last event of a stream that cannot go on.
  public static byte[] renderEvent(GatewayError error) {
    return ("data: " + new String(render(error), UTF_8) + "\n\n").getBytes(UTF_8);
  }

  private static String type(ErrorCode code) {
    return switch (code.source()) {
      case CALLER -> ofCaller(code);
      case GATEWAY, PROVIDER -> "server_error";
    };
  }

  private static String ofCaller(ErrorCode code) {
    return switch (code) {
      case RATE_LIMIT_EXCEEDED, CONCURRENCY_LIMIT_EXCEEDED -> "requests";
      case QUOTA_EXCEEDED -> "tokens";
      case BUDGET_EXCEEDED, CREDITS_EXHAUSTED -> "insufficient_quota";
      default -> "invalid_request_error";
    };
  }
}
