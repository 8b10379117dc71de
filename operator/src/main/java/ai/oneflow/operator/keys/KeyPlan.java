package ai.oneflow.operator.keys;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ApiKeySpec.Rotation;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What is to be done about a key that is there. Pure: the same ApiKey, Secret and time always make
/// the same plan, so whoever does not know whether a plan was carried out looks and plans again.
public sealed interface KeyPlan {
  /// Another key takes its place.
  ///
  /// @param history that of the other one
  /// @param formerUntil when the one that is there ends
  record Rotate(KeyHistory history, Instant formerUntil) implements KeyPlan {}

  /// Keys that ended are forgotten.
  record Prune(KeyHistory history) implements KeyPlan {}

  /// Nothing.
  ///
  /// @param until when there may be something by the time alone; empty: never
  record Rest(Optional<Instant> until) implements KeyPlan {}

  /// The plan for a key in its own Secret.
  static KeyPlan of(ApiKey owner, Secret secret, MintedKey key, Instant at) {
    // In whole seconds, as the history is: a key without grace ends when the next one begins.
    Instant now = at.truncatedTo(ChronoUnit.SECONDS);
    KeyHistory history = KeyHistory.of(secret);
    Optional<Rotation> rotation =
        Optional.ofNullable(owner.getSpec()).flatMap(spec -> Optional.ofNullable(spec.rotation()));
    Optional<Instant> due = rotation.map(r -> history.mintedAt().plus(r.every()));
    String wanted = wanted(owner);
    // A key that is among those before it is what a write in several steps left half done.
    boolean half = history.knows(key.sha256());
    boolean asked = !wanted.isEmpty() && !wanted.equals(history.madeFor());
    if (half || asked || due.filter(time -> !time.isAfter(now)).isPresent()) {
      Duration grace = rotation.map(Rotation::grace).orElse(Rotation.DEFAULT_GRACE);
      FormerKey former = new FormerKey(key.sha256(), now.plus(grace));
      String madeFor = wanted.isEmpty() ? history.madeFor() : wanted;
      return new Rotate(history.pruned(now).followed(former, madeFor, now), former.until());
    }
    KeyHistory pruned = history.pruned(now);
    return pruned.formers().size() < history.formers().size()
        ? new Prune(pruned)
        : new Rest(soonest(due, history));
  }

  /// The value of the annotation; empty where there is none.
  static String wanted(ApiKey owner) {
    return Optional.ofNullable(owner.getMetadata().getAnnotations())
        .orElse(Map.of())
        .getOrDefault(Api.ROTATE_ANNOTATION, "")
        .strip();
  }

  private static Optional<Instant> soonest(Optional<Instant> due, KeyHistory history) {
    return Stream.concat(due.stream(), history.formers().stream().map(FormerKey::until))
        .min(Instant::compareTo);
  }
}
