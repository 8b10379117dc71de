package ai.oneflow.standalone.secret;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.KeyPlan;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.keys.MintedKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Sees to it that each ApiKey has its key in the folder, and never writes over anybody else's
/// Secret: what the operator does on a cluster.
public final class KeyRing {
  private final SecretFolder folder;
  private final RandomGenerator random;
  private final Clock clock;

  /// @param random a [java.security.SecureRandom] wherever the keys will be used
  public KeyRing(SecretFolder folder, RandomGenerator random, Clock clock) {
    this.folder = folder;
    this.random = random;
    this.clock = clock;
  }

  /// Mints where a key is missing, and rotates one that is due.
  ///
  /// @param known all Secrets of the folder and of the manifests
  /// @return whether any key was made
  public boolean keep(Collection<ApiKey> keys, Collection<Secret> known) throws IOException {
    boolean minted = false;
    for (ApiKey key : keys) {
      List<Secret> there = known.stream().filter(secret -> isNamed(secret, key)).toList();
      boolean mine = there.stream().allMatch(secret -> KeySecret.isOwned(secret, key));
      if (mine && isFree(key, keys)) {
        Optional<Secret> whole =
            there.stream().filter(secret -> KeySecret.read(secret).isPresent()).findFirst();
        minted |= whole.isPresent() ? look(key, whole.get()) : write(key, begun(key));
      }
    }
    return minted;
  }

  private KeyHistory begun(ApiKey key) {
    return KeyHistory.begun(clock.instant(), KeyPlan.wanted(key));
  }

  private boolean look(ApiKey key, Secret secret) throws IOException {
    MintedKey current = KeySecret.read(secret).orElseThrow();
    return switch (KeyPlan.of(key, secret, current, clock.instant())) {
      case KeyPlan.Rest _ -> false;
      case KeyPlan.Rotate(var history, _) -> write(key, history);
      case KeyPlan.Prune(var history) -> {
        folder.write(KeySecret.of(key, current, history));
        yield false;
      }
    };
  }

  private boolean write(ApiKey key, KeyHistory history) throws IOException {
    folder.write(KeySecret.of(key, MintedKey.mint(random), history));
    return true;
  }

  /// Of several that name one Secret, also in different namespaces, the first has it.
  private static boolean isFree(ApiKey key, Collection<ApiKey> all) {
    Optional<ApiKey> first =
        all.stream().filter(k -> KeySecret.nameFor(k).equals(KeySecret.nameFor(key))).findFirst();
    String uid = key.getMetadata().getUid();
    return first.filter(k -> k.getMetadata().getUid().equals(uid)).isPresent();
  }

  private static boolean isNamed(Secret secret, ApiKey key) {
    return secret.getMetadata().getName().equals(KeySecret.nameFor(key))
        && secret.getMetadata().getNamespace().equals(key.getMetadata().getNamespace());
  }

  /// Ends a key together with its ApiKey, so that a later one of the same name gets another.
  public void forget(ApiKey owner) throws IOException {
    folder.remove(KeySecret.nameFor(owner), owner.getMetadata().getUid());
  }
}
