package ai.oneflow.operator;

import ai.oneflow.operator.lead.Candidate;
import ai.oneflow.operator.reconcile.Settings;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// The command line: `--name value` pairs, each with an environment variable behind it.
///
/// @param settings of the control plane
/// @param management where probes are answered
/// @param candidate for the lead over all operators of the cluster
record Arguments(Settings settings, InetSocketAddress management, Candidate candidate) {
  private static final String PREFIX = "ONEFLOW_";
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("--own-namespace", "oneflow"),
          Map.entry("--pod", ""),
          Map.entry("--namespaces", ""),
          Map.entry("--push-host", "0.0.0.0"),
          Map.entry("--push-port", "9443"),
          Map.entry("--push-names", ""),
          Map.entry("--push-address", ""),
          Map.entry("--gateway-image", "oneflow-gateway:dev"),
          Map.entry("--status-writes", "100"),
          Map.entry("--runbooks", "https://oneflow.ai/docs/runbooks.md"),
          Map.entry("--management-host", "0.0.0.0"),
          Map.entry("--management-port", "8001"));

  static final String USAGE =
      """
      oneflow-operator [--own-namespace oneflow] [--pod: the name of its own, if it is one]
        [--namespaces a,b: to watch; default all]
        [--push-host 0.0.0.0] [--push-port 9443] [--push-names dns.name,10.0.0.1: beside the defaults]
        [--push-address host:port: where pods find it; default its Service]
        [--gateway-image oneflow-gateway:dev: what pods run]
        [--status-writes 100: the most statuses that are written in a second]
        [--runbooks https://oneflow.ai/docs/runbooks.md: the page that alerts point to]
        [--management-host 0.0.0.0] [--management-port 8001]
      Each may be given by environment, as in ONEFLOW_PUSH_PORT. The API server is found as kubectl
      finds it, or by the service account of the pod.""";

  /// Reads arguments, which win over the environment.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  static Arguments parse(List<String> arguments, Map<String, String> environment) {
    Map<String, String> given = new HashMap<>(DEFAULTS);
    DEFAULTS
        .keySet()
        .forEach(
            name -> {
              String value = environment.get(variable(name));
              if (value != null) {
                given.put(name, value);
              }
            });
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!DEFAULTS.containsKey(name)) {
        throw new IllegalArgumentException("there is no argument " + name);
      }
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException("argument " + name + " needs a value");
      }
      given.put(name, arguments.get(i + 1));
    }
    return of(given);
  }

  private static Arguments of(Map<String, String> given) {
    String namespace = given.getOrDefault("--own-namespace", "");
    Set<String> names =
        new TreeSet<>(
            List.of(
                "127.0.0.1",
                "localhost",
                "oneflow-operator." + namespace + ".svc",
                "oneflow-operator." + namespace + ".svc.cluster.local"));
    names.addAll(list(given.getOrDefault("--push-names", "")));
    return new Arguments(
        new Settings(
            namespace,
            list(given.getOrDefault("--namespaces", "")),
            address(given, "push"),
            List.copyOf(names),
            pods(given, namespace),
            statusWrites(given),
            given.getOrDefault("--runbooks", "")),
        address(given, "management"),
        candidate(namespace, given.getOrDefault("--pod", "")));
  }

  private static Candidate candidate(String namespace, String pod) {
    // A container that is started again in its pod is another candidate.
    String identity = (pod.isEmpty() ? "operator" : pod) + "_" + UUID.randomUUID();
    return new Candidate(namespace, Optional.of(pod).filter(p -> !p.isEmpty()), identity);
  }

  private static Settings.Pods pods(Map<String, String> given, String namespace) {
    String address = given.getOrDefault("--push-address", "");
    String service = "oneflow-operator." + namespace + ".svc:" + given.get("--push-port");
    if (!address.isEmpty() && !address.matches(".+:[0-9]{1,5}")) {
      throw new IllegalArgumentException("--push-address must be host:port, not '" + address + "'");
    }
    return new Settings.Pods(
        given.getOrDefault("--gateway-image", ""), address.isEmpty() ? service : address);
  }

  private static int statusWrites(Map<String, String> given) {
    String number = given.getOrDefault("--status-writes", "");
    if (!number.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "--status-writes must be a number a second, 1 to 9999, not '" + number + "'");
    }
    return Integer.parseInt(number);
  }

  private static InetSocketAddress address(Map<String, String> given, String which) {
    String name = "--" + which + "-port";
    String port = given.getOrDefault(name, "");
    try {
      return new InetSocketAddress(
          given.getOrDefault("--" + which + "-host", ""), Integer.parseInt(port));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + " must be a port, 0 to 65535, not '" + port + "'", e);
    }
  }

  private static Set<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.toSet());
  }

  private static String variable(String name) {
    return PREFIX + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
