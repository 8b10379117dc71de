package ai.oneflow.cli.check;

import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Found.Condition;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.key.KeyState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is wrong with resources, by what their statuses say.
public final class Resources {
  private static final String READY = ConditionType.READY.text();
  private static final String UNSEEN =
      "see whether an operator leads and watches the namespace: kubectl oneflow health";

  private Resources() {}

  /// Nothing of those of which all is true.
  ///
  /// @param namespace whose, or empty for all
  public static List<Finding> look(Cluster cluster, String namespace, Instant now) {
    Place place = new Place(namespace, now);
    List<Finding> findings = new ArrayList<>();
    Arrays.stream(Kind.values())
        .filter(Kind::isOurs)
        .forEach(kind -> findings.addAll(Look.at(kind.plural(), () -> all(cluster, kind, place))));
    return findings;
  }

  private static List<Finding> all(Cluster cluster, Kind kind, Place place) {
    return cluster.list(kind, place.namespace).stream()
        .flatMap(found -> of(found, place.now).stream())
        .toList();
  }

  private record Place(String namespace, Instant now) {}

  static List<Finding> of(Found found, Instant now) {
    List<Condition> wrong = found.conditions().stream().filter(c -> !c.holds()).toList();
    List<Finding> findings = new ArrayList<>();
    if (found.conditions().isEmpty()) {
      findings.add(Finding.fail(found.title(), "it has no status", UNSEEN));
    } else if (!found.isObserved()) {
      findings.add(
          Finding.warn(found.title(), "its status speaks of an earlier generation", UNSEEN));
    }
    // Ready says in other words what another condition does.
    boolean isSaidBetter = wrong.stream().anyMatch(c -> !c.type().equals(READY));
    wrong.stream()
        .filter(c -> !(isSaidBetter && c.type().equals(READY)))
        .map(c -> finding(found, c))
        .forEach(findings::add);
    if (found.kind() == Kind.LLM_PROVIDER) {
      findings.addAll(breakers(found));
    }
    if (found.kind() == Kind.API_KEY) {
      findings.addAll(key(new KeyState(found, now)));
    }
    return findings;
  }

  private static Finding finding(Found found, Condition condition) {
    return Finding.fail(
        found.title(),
        "%s is %s, %s: %s"
            .formatted(
                condition.type(), condition.status(), condition.reason(), condition.message()),
        Advice.of(condition.reason()));
  }

  private static List<Finding> breakers(Found provider) {
    return provider.list("/status/models").stream()
        .filter(model -> model.path("breaker").asText().equals("Open"))
        .map(
            model ->
                Finding.warn(
                    provider.title(),
                    "the breaker of %s is open on %d gateways"
                        .formatted(model.path("name").asText(), model.path("openGateways").asInt()),
                    "see what the provider answers; it is tried again by itself"))
        .toList();
  }

  private static List<Finding> key(KeyState state) {
    if (state.hasEnded()) {
      return List.of(
          Finding.warn(
              state.key().title(),
              "it ended, " + state.distance(state.ends()),
              "set a later expiresAt, or delete it"));
    }
    return List.of();
  }
}
