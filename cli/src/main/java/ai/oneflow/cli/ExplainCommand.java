package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.ClusterException;
import ai.oneflow.cli.cluster.Tunnel;
import ai.oneflow.cli.show.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kubectl oneflow explain`: where a request would go, what it would cost, and why.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Explains where a request of a key for a model would go; nothing is called or charged.",
      "Reads the key out of its Secret."
    })
final class ExplainCommand implements Callable<Integer> {
  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private GatewayArguments gateway = new GatewayArguments();
  @Mixin private OutputArguments output = new OutputArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "The public name that a caller asks for.")
  private String model = "";

  @Option(names = "--key", required = true, paramLabel = "NAME", description = "The ApiKey.")
  private String key = "";

  @Option(names = "--prompt", defaultValue = "Hello", description = "Default: Hello.")
  private String prompt = "";

  @Option(names = "--max-tokens", description = "What the caller would let the model write.")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description = "A whole chat request in JSON, in place of --prompt; its model is replaced.")
  private @Nullable Path body;

  @Override
  public Integer call() {
    String request = request().toString();
    try (Cluster cluster = arguments.open()) {
      String secret = GatewayCall.secretOf(cluster, arguments.key(cluster, key));
      try (Tunnel tunnel = gateway.callers(cluster, arguments.namespace())) {
        GatewayCall.Answer answer = new GatewayCall(tunnel).post("/v1/estimate", secret, request);
        if (!answer.isGood()) {
          spec.commandLine().getErr().println("error: the gateway says " + answer.complaint());
          return ExitCode.WRONG;
        }
        JsonNode estimate = answer.json();
        output.write(spec.commandLine().getOut(), () -> table(estimate), () -> estimate);
        return estimate.has("error") ? ExitCode.WRONG : ExitCode.GOOD;
      }
    }
  }

  private ObjectNode request() {
    ObjectNode request = body == null ? chat() : read(body);
    request.put("model", model);
    if (maxTokens != null) {
      request.put("max_tokens", maxTokens);
    }
    return request;
  }

  private ObjectNode chat() {
    ObjectNode chat = JsonNodeFactory.instance.objectNode();
    chat.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return chat;
  }

  private static ObjectNode read(Path file) {
    try {
      if (new GatewayCall.Answer(0, Files.readString(file)).json() instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException | ClusterException e) {
      throw new IllegalArgumentException("--body " + file + " holds no JSON that can be read", e);
    }
    throw new IllegalArgumentException("--body " + file + " holds no JSON object");
  }

  private static String table(JsonNode estimate) {
    JsonNode candidates = estimate.path("candidates");
    JsonNode rejected = estimate.path("rejected");
    return head(estimate)
        + (candidates.isEmpty() ? "" : candidates(candidates))
        + (rejected.isEmpty() ? "" : "\n" + rejected(rejected));
  }

  private static String head(JsonNode estimate) {
    String model = estimate.path("model").asText();
    JsonNode error = estimate.path("error");
    return error.isMissingNode()
        ? "%s: strategy %s, up to %d fallbacks%n"
            .formatted(
                model, estimate.path("strategy").asText(), estimate.path("fallbacks").asInt())
        : "%s: no target can serve it: %s (%s)%n"
            .formatted(model, error.path("message").asText(), error.path("code").asText());
  }

  private static String candidates(JsonNode candidates) {
    Table table =
        new Table(
            "ORDER",
            "PROVIDER",
            "MODEL",
            "SCORE",
            "PARTS",
            "CREDITS",
            "LATENCY",
            "QUALITY",
            "AVAILABLE");
    int order = 1;
    for (JsonNode each : candidates) {
      table.add(
          String.valueOf(order++),
          each.path("provider").asText(),
          each.path("model").asText(),
          each.path("score").asText(),
          parts(each.path("parts")),
          each.path("cost_credits").asText(),
          each.path("latency_ms").asText() + "ms",
          each.path("quality").asText(),
          each.path("availability").asText());
    }
    return table.toString();
  }

  /// Of cost, latency and quality.
  private static String parts(JsonNode parts) {
    return Stream.of("cost", "latency", "quality")
        .map(part -> parts.path(part).asText())
        .collect(Collectors.joining(" "));
  }

  private static String rejected(JsonNode rejected) {
    Table table = new Table("REJECTED", "MODEL", "REASON", "WHY");
    for (JsonNode each : rejected) {
      table.add(
          each.path("provider").asText(),
          each.path("model").asText(),
          each.path("reason").asText(),
          each.path("message").asText());
    }
    return table.toString();
  }
}
