package ai.oneflow.cli.key;

import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Found.Condition;
import ai.oneflow.cli.show.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One ApiKey at one moment.
public record KeyState(Found key, Instant now) {
  private static final String READY = ConditionType.READY.text();

  /// How long the key that is in force has been there.
  public String age() {
    return made().map(at -> Span.shown(Duration.between(at, now))).orElse("");
  }

  /// When that key was made; empty where there is none yet.
  public Optional<Instant> made() {
    return key.instant("/status/rotatedAt");
  }

  /// When the ApiKey ends by its `expiresAt`.
  public Optional<Instant> ends() {
    return key.instant("/spec/expiresAt");
  }

  /// When the key is replaced by its `rotation.every`.
  public Optional<Instant> replaced() {
    String every = key.text("/spec/rotation/every");
    return every.isEmpty() ? Optional.empty() : made().map(at -> at.plus(Span.parse(every)));
  }

  /// Whom it counts for.
  public String user() {
    return key.has("/spec/user") ? key.text("/spec/user") : key.name();
  }

  public String project() {
    return key.has("/spec/project") ? key.text("/spec/project") : key.namespace();
  }

  /// The Secret that holds it.
  public String secretName() {
    return key.has("/spec/secretName") ? key.text("/spec/secretName") : key.name() + "-key";
  }

  public boolean isSuspended() {
    return key.tree().at("/spec/suspended").asBoolean(false);
  }

  public boolean hasEnded() {
    return ends().filter(end -> !end.isAfter(now)).isPresent();
  }

  /// Whether the key before it works beside it.
  public boolean isInGrace() {
    return key.instant("/status/graceUntil").filter(until -> until.isAfter(now)).isPresent();
  }

  /// In a word: what a caller who shows it meets, or why that is not so yet.
  public String word() {
    if (isSuspended()) {
      return "Suspended";
    }
    if (hasEnded()) {
      return "Expired";
    }
    Optional<Condition> ready = key.condition(READY);
    if (ready.isEmpty()) {
      return "Unknown";
    }
    if (!ready.get().holds()) {
      return ready.get().reason();
    }
    return isInGrace() ? "InGrace" : "Ready";
  }

  /// How long ago or how far off; empty for never.
  public String distance(Optional<Instant> moment) {
    return moment
        .map(
            at ->
                at.isAfter(now)
                    ? Span.shown(Duration.between(now, at))
                    : Span.shown(Duration.between(at, now)) + " ago")
        .orElse("");
  }
}
