package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Tunnel;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kubectl oneflow usage`: what was used and what it cost, out of a gateway's ledger.
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what was used and what it cost, out of the ledger of an LLMGateway.",
      "Without spec.ledger each pod has a ledger of its own, and one of them is asked."
    })
final class UsageCommand implements Callable<Integer> {
  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private GatewayArguments gateway = new GatewayArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--by",
      defaultValue = "project",
      description = {
        "What to sum up by: project, key, user, provider, model or day;",
        "several with commas between them, such as project,day."
      })
  private String by = "";

  @Option(
      names = "--since",
      defaultValue = "",
      description = "The first moment that counts: 2026-01-31, 2026-01-31T12:00:00Z, 24h, 7d.")
  private String since = "";

  @Option(names = "--until", defaultValue = "", description = "The first that counts no more.")
  private String until = "";

  @Option(
      names = "--time-zone",
      defaultValue = "",
      description = "Whose days are meant, such as Europe/Berlin; UTC if not given.")
  private String zone = "";

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table, json or csv; default table.")
  private String output = "";

  @Override
  public Integer call() {
    try (Cluster cluster = arguments.open();
        Tunnel tunnel = gateway.management(cluster, arguments.namespace())) {
      GatewayCall.Answer answer = new GatewayCall(tunnel).get("/usage?" + query());
      if (!answer.isGood()) {
        spec.commandLine().getErr().println("error: the gateway says " + answer.complaint());
        return ExitCode.WRONG;
      }
      spec.commandLine().getOut().print(answer.body());
      spec.commandLine().getOut().flush();
      return ExitCode.GOOD;
    }
  }

  /// The gateway judges it, and its words about a mistake are shown.
  private String query() {
    Map<String, String> all =
        new TreeMap<>(
            Map.of("by", by, "from", since, "to", until, "timeZone", zone, "format", output));
    return all.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
