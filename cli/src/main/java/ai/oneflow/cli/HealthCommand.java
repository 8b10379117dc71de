package ai.oneflow.cli;

import ai.oneflow.cli.check.Finding;
import ai.oneflow.cli.check.Installation;
import ai.oneflow.cli.check.Level;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.ClusterException;
import ai.oneflow.cli.cluster.Tunnel;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kubectl oneflow health`: whether an installation works.
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = {
      "Says whether an installation works: CRDs, operator, its lead, gateways, pods; of all",
      "namespaces, if none is named. With --key a call is made, too.",
      "Exits with 0 where all is well, 1 where it works in part or cannot all be seen, 2 where it",
      "does not work or cannot be asked."
    })
final class HealthCommand implements Callable<Integer> {
  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private GatewayArguments gateway = new GatewayArguments();
  @Mixin private OutputArguments output = new OutputArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "An ApiKey to ask with which models there are; costs nothing.")
  private String key = "";

  @Option(
      names = "--model",
      description = "Asks this model for one token instead, which the key is charged.")
  private String model = "";

  @Override
  public Integer call() {
    if (!model.isEmpty() && key.isEmpty()) {
      throw new IllegalArgumentException("--model needs --key, since somebody has to ask");
    }
    List<Finding> found = new ArrayList<>();
    try (Cluster cluster = arguments.open()) {
      found.addAll(Installation.look(cluster, arguments.namespaceOrAll(), Instant.now()));
      if (!key.isEmpty()) {
        found.add(call(cluster));
      }
    }
    FindingsReport report = new FindingsReport(found);
    output.write(spec.commandLine().getOut(), report::lines, report::json);
    if (report.count(Level.FAIL) > 0) {
      return ExitCode.NOBODY_ASKED;
    }
    boolean isSeenWell = report.count(Level.PASS) == found.size();
    return isSeenWell ? ExitCode.GOOD : ExitCode.WRONG;
  }

  private Finding call(Cluster cluster) {
    String subject = "a call";
    String secret = GatewayCall.secretOf(cluster, arguments.key(cluster, key));
    try (Tunnel tunnel = gateway.callers(cluster, arguments.namespace())) {
      GatewayCall call = new GatewayCall(tunnel);
      GatewayCall.Answer answer =
          model.isEmpty()
              ? call.get("/v1/models", secret)
              : call.post("/v1/chat/completions", secret, chat());
      return answer.isGood()
          ? Finding.pass(subject, words(answer))
          : Finding.fail(
              subject,
              answer.complaint(),
              "see docs/reference/errors.md, and kubectl oneflow doctor");
    } catch (ClusterException e) {
      return Finding.fail(subject, e.getMessage(), "kubectl oneflow doctor");
    }
  }

  private String words(GatewayCall.Answer answer) {
    return model.isEmpty()
        ? "%s may use %d models".formatted(key, answer.json().path("data").size())
        : model + " answered " + key;
  }

  private String chat() {
    ObjectNode chat = JsonNodeFactory.instance.objectNode();
    chat.put("model", model).put("max_tokens", 1);
    chat.putArray("messages").addObject().put("role", "user").put("content", "ping");
    return chat.toString();
  }
}
