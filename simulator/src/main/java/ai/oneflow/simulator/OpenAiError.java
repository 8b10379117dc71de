package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// An error as OpenAI words it (https://platform.openai.com/docs/guides/error-codes). Empty `param`
/// and `code` are written as null, as OpenAI does.
record OpenAiError(int status, String type, String code, String param, String message) {
  private static final String INVALID = "invalid_request_error";

  static OpenAiError invalid(String param, String code, String message) {
    return new OpenAiError(400, INVALID, code, param, message);
  }

  static OpenAiError unknownModel(String model) {
    return new OpenAiError(
        404,
        INVALID,
        "model_not_found",
        "",
        "The model `%s` does not exist or you do not have access to it.".formatted(model));
  }

  static OpenAiError unknownUrl(String method, String path) {
    return new OpenAiError(404, INVALID, "", "", "Invalid URL (%s %s)".formatted(method, path));
  }

  static OpenAiError missingKey() {
    return new OpenAiError(
        401,
        INVALID,
        "",
        "",
        "You didn't provide an API key. You need to provide your API key in an Authorization header"
            + " using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
  }

  static OpenAiError wrongKey() {
    return new OpenAiError(
        401, INVALID, "invalid_api_key", "", "Incorrect API key provided: [redacted].");
  }

  static OpenAiError ofStatus(int status) {
    return switch (status) {
      case 400 -> invalid("", "", "The request was refused by the simulator's script.");
      case 401 -> wrongKey();
      case 429 ->
          new OpenAiError(
              429,
              "requests",
              "rate_limit_exceeded",
              "",
              "Rate limit reached for requests per min. Please try again later.");
      case 503 ->
          new OpenAiError(
              503, "service_unavailable_error", "", "", "The engine is currently overloaded.");
      default ->
          new OpenAiError(
              status,
              status < 500 ? INVALID : "server_error",
              "",
              "",
              "The server had an error while processing your request.");
    };
  }

  String json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error");
    error.put("message", message);
    error.put("type", type);
    error.put("param", param.isEmpty() ? null : param);
    error.put("code", code.isEmpty() ? null : code);
    return body.toPrettyString();
  }
}
