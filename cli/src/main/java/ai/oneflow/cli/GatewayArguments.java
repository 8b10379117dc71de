package ai.oneflow.cli;

import ai.oneflow.cli.check.Gateways;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Tunnel;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Which gateway is asked, and how it is reached.
final class GatewayArguments {
  static final int MANAGEMENT = 8001;

  private static final int CALLERS = 8000;

  @Option(
      names = "--gateway",
      paramLabel = "NAME",
      description = "The LLMGateway. Default: the only one of the namespace.")
  private String gateway = "";

  @Option(
      names = "--url",
      description =
          "Where a gateway's port can be reached already, as in http://127.0.0.1:8001. Default: as"
              + " kubectl port-forward reaches one of its pods.")
  private String url = "";

  /// To the port that management is done on.
  Tunnel management(Cluster cluster, String namespace) {
    return url.isEmpty() ? to(cluster, gateway(cluster, namespace), MANAGEMENT) : Tunnel.to(url);
  }

  /// To the port that callers use.
  Tunnel callers(Cluster cluster, String namespace) {
    if (!url.isEmpty()) {
      return Tunnel.to(url);
    }
    Found found = gateway(cluster, namespace);
    if (found.has("/spec/listener/tls")) {
      throw new IllegalArgumentException(
          found.title() + " serves TLS; give --url https://… by the name in its certificate");
    }
    int port = found.number("/spec/listener/port");
    return to(cluster, found, port == 0 ? CALLERS : port);
  }

  private Found gateway(Cluster cluster, String namespace) {
    List<Found> all = new Gateways(cluster, namespace).all();
    List<Found> meant =
        all.stream().filter(g -> gateway.isEmpty() || g.name().equals(gateway)).toList();
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    String names = all.stream().map(Found::name).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        all.isEmpty()
            ? "there is no LLMGateway in " + namespace + "; see kubectl get llmgateways -A"
            : "--gateway names one of those in %s: %s".formatted(namespace, names));
  }

  private static Tunnel to(Cluster cluster, Found gateway, int port) {
    return new Gateways(cluster, gateway.namespace())
        .readyPod(gateway)
        .map(pod -> cluster.tunnel(pod, port))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no pod of %s is ready; see kubectl oneflow health"
                        .formatted(gateway.title())));
  }
}
