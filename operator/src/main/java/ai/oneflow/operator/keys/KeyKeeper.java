package ai.oneflow.operator.keys;

import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Sees to it that each ApiKey has its Secret on the cluster, replaces its key when that is due,
/// and never writes to anybody else's.
///
/// The Secret is the one truth: what a key was made for is written together with the key, by a
/// write that the API server takes only over what was read. So a rotation whose answer was lost, or
/// that two operators begin, happens once.
public final class KeyKeeper {
  /// Of a Status
  /// (<https://kubernetes.io/docs/reference/kubernetes-api/definitions/status-v1-meta/>).
  private static final String ALREADY_EXISTS = "AlreadyExists";

  private final KubernetesClient client;
  private final RandomGenerator random;
  private final Clock clock;

  public KeyKeeper(KubernetesClient client, RandomGenerator random, Clock clock) {
    this.client = client;
    this.random = random;
    this.clock = clock;
  }

  /// Mints a key where there is no Secret, and rotates one that is due. It asks the API server and
  /// no cache: with a stale answer it might take a Secret for missing that a caller already uses.
  public Kept keep(ApiKey owner) {
    String namespace = owner.getMetadata().getNamespace();
    String name = KeySecret.nameFor(owner);
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      return mint(owner);
    }
    if (!KeySecret.isOwned(secret, owner)) {
      return new Kept.Foreign(name);
    }
    Optional<MintedKey> key = KeySecret.read(secret);
    return key.isPresent() ? look(owner, secret, key.get()) : replace(owner, secret);
  }

  private Kept mint(ApiKey owner) {
    MintedKey key = MintedKey.mint(random);
    try {
      KeyHistory history = begun(owner);
      client.resource(KeySecret.of(owner, key, history)).create();
      return new Kept.Minted(MadeKey.of(key, history));
    } catch (KubernetesClientException e) {
      if (ALREADY_EXISTS.equals(reason(e))) {
        // Somebody was faster; whose it is shows on the next turn, which its watch event brings.
        return new Kept.Present(Optional.empty(), Optional.empty());
      }
      throw e;
    }
  }

  /// A conflict of another kind, as where a quota is counted at the same time, made nothing.
  private static String reason(KubernetesClientException e) {
    return e.getStatus() == null ? "" : String.valueOf(e.getStatus().getReason());
  }

  /// Somebody emptied or garbled our own Secret, and with that ended the keys before it too. The
  /// lock of its version makes sure that it is still the one that was read.
  private Kept replace(ApiKey owner, Secret garbled) {
    MintedKey key = MintedKey.mint(random);
    KeyHistory history = begun(owner);
    Secret whole = KeySecret.of(owner, key, history);
    whole.getMetadata().setResourceVersion(garbled.getMetadata().getResourceVersion());
    client.resource(whole).update();
    return new Kept.Minted(MadeKey.of(key, history));
  }

  private KeyHistory begun(ApiKey owner) {
    return KeyHistory.begun(clock.instant(), KeyPlan.wanted(owner));
  }

  private Kept look(ApiKey owner, Secret secret, MintedKey key) {
    Instant now = clock.instant();
    // The answer to the write that made it may have been lost, and then nobody was told.
    Optional<MadeKey> recent = MadeKey.recent(key, KeyHistory.of(secret), now);
    if (KeyPlan.of(owner, secret, key, now) instanceof KeyPlan.Rest(var until)) {
      return new Kept.Present(until, recent);
    }
    // A cache may show an ApiKey as it was before the last rotation.
    ApiKey newest = client.resource(owner).get();
    boolean same =
        newest != null
            && newest.getSpec() != null
            && Objects.equals(newest.getMetadata().getUid(), owner.getMetadata().getUid());
    return same
        ? carryOut(KeyPlan.of(newest, secret, key, now), secret, new Read(key, recent))
        : new Kept.Present(Optional.empty(), recent);
  }

  /// The key that a Secret holds, and what may not have been told of it.
  private record Read(MintedKey key, Optional<MadeKey> recent) {}

  private Kept carryOut(KeyPlan plan, Secret secret, Read read) {
    return switch (plan) {
      case KeyPlan.Rest(var until) -> new Kept.Present(until, read.recent);
      case KeyPlan.Prune(var history) -> {
        client.resource(KeySecret.changed(secret, read.key, history)).update();
        // Its watch event brings the next turn.
        yield new Kept.Present(Optional.empty(), read.recent);
      }
      case KeyPlan.Rotate(var history, _) -> {
        MintedKey next = MintedKey.mint(random);
        client.resource(KeySecret.changed(secret, next, history)).update();
        yield new Kept.Rotated(MadeKey.of(next, history));
      }
    };
  }

  /// What was found or done.
  public sealed interface Kept {
    /// The key is there.
    ///
    /// @param again when there may be something to do by the time alone; empty: never, or its watch
    ///     event will say
    /// @param recent what is to be told of it, unless that was done; empty where it is too long ago
    record Present(Optional<Instant> again, Optional<MadeKey> recent) implements Kept {}

    /// There was none; now there is.
    record Minted(MadeKey key) implements Kept {}

    /// Another one has taken the place of the one that was there.
    record Rotated(MadeKey key) implements Kept {}

    /// The Secret's name is taken by one that is not ours; it was not touched.
    record Foreign(String secretName) implements Kept {}
  }
}
