package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.ClusterException;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which cluster and namespace are meant, as kubectl has them.
final class ClusterArguments {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /// A kind that has just come is said to be there before it can be asked for; a person waits, so
  /// that these are seconds and no more.
  private static final int RETRIES = 4;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: KUBECONFIG, or ~/.kube/config.")
  private @Nullable File kubeconfig;

  @Option(names = "--context", description = "Of the kubeconfig. Default: the current one.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      description = "Default: the context's.")
  private String namespace = "";

  /// The caller closes it.
  Cluster open() {
    Config config = config();
    config.setConnectionTimeout((int) CONNECT.toMillis());
    config.setRequestTimeout((int) ANSWER.toMillis());
    config.setRequestRetryBackoffLimit(RETRIES);
    return new Cluster(new KubernetesClientBuilder().withConfig(config).build());
  }

  /// The one that is meant.
  String namespace() {
    return Optional.of(namespace)
        .filter(name -> !name.isEmpty())
        .or(() -> Optional.ofNullable(config().getNamespace()))
        .orElse("default");
  }

  /// The one that is named, or empty for all.
  String namespaceOrAll() {
    return namespace;
  }

  /// A key by its name.
  Found key(Cluster cluster, String name) {
    return cluster
        .get(Kind.API_KEY, namespace(), name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no ApiKey %s in %s; see kubectl oneflow list -A"
                        .formatted(name, namespace())));
  }

  private Config config() {
    Config config = read();
    List<String> contexts = config.getContexts().stream().map(c -> c.getName()).toList();
    if (context != null && !contexts.contains(context)) {
      throw new IllegalArgumentException(
          "there is no context %s in the kubeconfig, but %s".formatted(context, contexts));
    }
    if (contexts.isEmpty() && config.getAutoOAuthToken() == null) {
      throw new IllegalArgumentException(
          "no kubeconfig names a cluster; set KUBECONFIG or give --kubeconfig FILE");
    }
    return config;
  }

  private Config read() {
    if (kubeconfig == null) {
      return Config.autoConfigure(context);
    }
    if (!kubeconfig.isFile()) {
      throw new IllegalArgumentException("there is no kubeconfig " + kubeconfig);
    }
    try {
      return Config.fromKubeconfig(context, kubeconfig);
    } catch (KubernetesClientException e) {
      throw ClusterException.unreachable(kubeconfig + " is no kubeconfig", e);
    }
  }
}
