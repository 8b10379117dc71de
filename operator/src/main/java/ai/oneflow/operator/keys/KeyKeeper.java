package ai.oneflow.operator.keys;

import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.random.RandomGenerator;

/// Sees to it that each ApiKey has its Secret on the cluster, and never writes to anybody else's.
public final class KeyKeeper {
  private final KubernetesClient client;
  private final RandomGenerator random;

  public KeyKeeper(KubernetesClient client, RandomGenerator random) {
    this.client = client;
    this.random = random;
  }

  /// Mints a key where there is no Secret. It asks the API server and no cache: with a stale answer
  /// it might take a Secret for missing that a caller already uses.
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
    return KeySecret.read(secret).isPresent() ? new Kept.Present() : replace(owner, secret);
  }

  private Kept mint(ApiKey owner) {
    MintedKey key = MintedKey.mint(random);
    try {
      client.resource(KeySecret.of(owner, key)).create();
      return new Kept.Minted(key.shown());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        // Somebody was faster; whose it is shows on the next turn, which its watch event brings.
        return new Kept.Present();
      }
      throw e;
    }
  }

  /// Somebody emptied or garbled our own Secret. The lock of its version makes sure that it is
  /// still the one that was read.
  private Kept replace(ApiKey owner, Secret garbled) {
    MintedKey key = MintedKey.mint(random);
    Secret whole = KeySecret.of(owner, key);
    whole.getMetadata().setResourceVersion(garbled.getMetadata().getResourceVersion());
    client.resource(whole).update();
    return new Kept.Minted(key.shown());
  }

  /// What was found or done.
  public sealed interface Kept {
    /// The key is there.
    record Present() implements Kept {}

    /// There was none; now there is.
    ///
    /// @param shown its beginning
    record Minted(String shown) implements Kept {}

    /// The Secret's name is taken by one that is not ours; it was not touched.
    record Foreign(String secretName) implements Kept {}
  }
}
