package ai.oneflow.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The calls by which a test or a person directs a simulator that runs in another process:
/// `/admin/script`, `/admin/keys`, `/admin/requests`, and `/health`.
final class Admin {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int PAGE = 1000;

  private final Provider provider;
  private final JsonMapper json = new JsonMapper();

  Admin(Provider provider) {
    this.provider = provider;
  }

  static boolean handles(ReceivedCall call) {
    return call.path().startsWith("/admin/") || call.is("GET", "/health");
  }

  Draft draft(ReceivedCall call) {
    try {
      return switch (call.method() + " " + call.path()) {
        case "GET /health" -> ok(NODES.objectNode().put("status", "ok"));
        case "POST /admin/script" -> addRules(json.readTree(call.body().text()));
        case "DELETE /admin/script" -> {
          provider.scripts().clear();
          yield rules();
        }
        case "POST /admin/keys" -> keys(json.readTree(call.body().text()).path("keys"));
        case "GET /admin/requests" -> requests(call);
        case "DELETE /admin/requests" -> {
          provider.journal().clear();
          yield ok(NODES.objectNode().put("requests", 0));
        }
        default -> Draft.of(OpenAiError.unknownUrl(call.method(), call.path()));
      };
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Draft.of(OpenAiError.invalid("", "bad_admin_call", String.valueOf(e.getMessage())));
    }
  }

  private Draft addRules(JsonNode body) {
    List<ScriptRule> read =
        body.isArray() ? body.valueStream().map(Admin::rule).toList() : List.of(rule(body));
    read.forEach(provider.scripts()::add);
    return rules();
  }

  private static ScriptRule rule(JsonNode rule) {
    if (!rule.path("script").isTextual()) {
      throw new IllegalArgumentException(
          "a rule needs a `script`, such as {\"script\":\"outcome=status status=429\",\"times\":1}");
    }
    return new ScriptRule(
        rule.path("model").asText(""),
        rule.path("path").asText(""),
        rule.path("times").asInt(0),
        Script.parse(rule.path("script").asText()));
  }

  private Draft rules() {
    return ok(NODES.objectNode().put("rules", provider.scripts().rules().size()));
  }

  private Draft keys(JsonNode keys) {
    Set<String> good = keys.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
    provider.accept(AcceptedKeys.of(good));
    return ok(NODES.objectNode().put("keys", good.size()));
  }

  /// A line a request, the oldest first.
  private Draft requests(ReceivedCall call) {
    StringBuilder lines = new StringBuilder();
    for (ReceivedRequest request :
        provider.journal().after(call.number("after", 0), (int) call.number("limit", PAGE))) {
      lines.append(line(request)).append('\n');
    }
    return Draft.json(200, lines.toString()).with("content-type", "application/x-ndjson");
  }

  private static ObjectNode line(ReceivedRequest request) {
    ReceivedRequest.Produced produced = request.produced();
    ObjectNode line = NODES.objectNode();
    line.put("sequence", request.sequence());
    line.put("mark", request.planned().mark());
    line.put("requestId", request.requestId());
    line.put("method", request.method());
    line.put("path", request.path());
    line.put("keyHash", request.keyHash());
    ObjectNode headers = line.putObject("headers");
    request.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    line.put("bodyBytes", request.body().size());
    line.put("outcome", request.planned().outcome());
    line.put("streamed", request.planned().streamed());
    line.put("plannedTokens", request.planned().tokens().size());
    line.put("state", produced.state().name());
    line.put("status", produced.status());
    line.put("sentTokens", produced.sentTokens());
    line.put("sentText", request.sentText());
    line.put("sentBytes", produced.sentBytes());
    line.set("usage", CompletionJson.usage(produced.usage()));
    produced.told().ifPresent(told -> line.set("told", CompletionJson.usage(told)));
    return line;
  }

  private static Draft ok(ObjectNode body) {
    return Draft.json(200, body.toString());
  }
}
