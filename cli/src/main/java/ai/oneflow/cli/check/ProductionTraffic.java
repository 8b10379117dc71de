package ai.oneflow.cli.check;

import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The part of the checklist about the ways in and out: TLS, web pages, providers and their
/// Secrets.
final class ProductionTraffic {
  private static final String END_TLS =
      "end TLS at an Ingress or Gateway before it, and let nobody else reach the Service";

  private final Cluster cluster;
  private final String namespace;

  ProductionTraffic(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    for (Found gateway : cluster.list(Kind.LLM_GATEWAY, namespace)) {
      findings.add(tls(gateway));
      findings.add(cors(gateway));
    }
    List<Found> providers = cluster.list(Kind.LLM_PROVIDER, namespace);
    if (providers.isEmpty()) {
      findings.add(Finding.fail("providers", "there is no LLMProvider", "create one"));
    }
    providers.forEach(provider -> findings.addAll(provider(provider)));
    findings.add(secrets());
    return findings;
  }

  static Finding tls(Found gateway) {
    if (!gateway.has("/spec/listener/tls")) {
      return Finding.unknown(
          gateway.title(),
          "the listener is plain HTTP; whether TLS ends before it, it does not see",
          END_TLS);
    }
    return inForce(gateway, "spec.listener.tls", "the listener is plain HTTP", END_TLS)
        .orElseGet(() -> Finding.pass(gateway.title(), "callers connect by TLS"));
  }

  /// Why it cannot be said that a field that is set does what it says; empty where it does.
  private static Optional<Finding> inForce(
      Found gateway, String field, String instead, String advice) {
    Optional<Found.Condition> accepted =
        gateway.condition(ConditionType.ACCEPTED.text()).filter(_ -> gateway.isObserved());
    if (accepted.filter(Found.Condition::holds).isEmpty()) {
      return Optional.of(
          Finding.unknown(
              gateway.title(),
              "no operator says that it acts on " + field,
              "kubectl oneflow doctor; it says what is wrong with the LLMGateway"));
    }
    return accepted
        .filter(condition -> List.of(condition.message().split("[ ,;]+", -1)).contains(field))
        .map(
            _ ->
                Finding.fail(
                    gateway.title(),
                    field + " is set and this version does not act on it: " + instead,
                    advice));
  }

  static Finding cors(Found gateway) {
    return gateway.has("/spec/cors")
        ? inForce(gateway, "spec.cors", "no web page may call", "leave it out")
            .orElseGet(() -> origins(gateway))
        : Finding.pass(gateway.title(), "no web page may call");
  }

  private static Finding origins(Found gateway) {
    List<JsonNode> origins = gateway.list("/spec/cors/allowedOrigins");
    if (origins.stream().anyMatch(origin -> origin.asText().equals("*"))) {
      return Finding.warn(
          gateway.title(), "web pages of any origin may call", "list the origins that are yours");
    }
    if (origins.stream().anyMatch(origin -> origin.asText().startsWith("http://"))) {
      return Finding.warn(
          gateway.title(), "web pages without TLS may call", "list origins with https://");
    }
    return Finding.pass(
        gateway.title(),
        origins.isEmpty() ? "no web page may call" : origins.size() + " origins may call");
  }

  private static List<Finding> provider(Found provider) {
    long unpriced =
        provider.list("/spec/models").stream()
            .filter(model -> model.path("prices").isEmpty())
            .count();
    List<Finding> findings = new ArrayList<>();
    findings.add(transport(provider));
    if (unpriced > 0) {
      findings.add(
          Finding.warn(
              provider.title(),
              unpriced + " models have no price and are not billed",
              "add prices to models"));
    }
    return findings;
  }

  private static Finding transport(Found provider) {
    if (provider.tree().at("/spec/tls/insecureSkipVerify").asBoolean(false)) {
      return Finding.fail(
          provider.title(),
          "any certificate is taken for the provider's",
          "leave insecureSkipVerify out; an authority of your own goes into caSecretRef");
    }
    // Without one it is the dialect's own, which is called by TLS.
    String endpoint = provider.text("/spec/endpoint");
    return endpoint.startsWith("http://")
        ? Finding.fail(
            provider.title(),
            "requests and the credential go to " + endpoint + " without TLS",
            "write https://, or keep such a provider within the cluster on purpose")
        : Finding.pass(provider.title(), "called by TLS");
  }

  /// By what the operator found out, who may read them.
  private Finding secrets() {
    List<Found> all =
        Arrays.stream(Kind.values())
            .filter(Kind::isOurs)
            .flatMap(kind -> cluster.list(kind, namespace).stream())
            .toList();
    List<String> missing = titles(all, refs -> refs.filter(c -> !c.holds()).isPresent());
    List<String> unjudged = titles(all, Optional::isEmpty);
    if (!missing.isEmpty()) {
      return Finding.fail(
          "secrets",
          "not all is there that is pointed to by " + String.join(", ", missing),
          "kubectl oneflow doctor");
    }
    return unjudged.isEmpty()
        ? Finding.pass("secrets", "all that resources point to is there")
        : Finding.unknown(
            "secrets",
            "no operator has judged " + String.join(", ", unjudged),
            "kubectl oneflow health");
  }

  private static List<String> titles(List<Found> all, Predicate<Optional<Found.Condition>> refs) {
    return all.stream()
        .filter(found -> refs.test(found.condition(ConditionType.RESOLVED_REFS.text())))
        .map(Found::title)
        .toList();
  }
}
