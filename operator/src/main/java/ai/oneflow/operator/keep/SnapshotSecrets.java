package ai.oneflow.operator.keep;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.workload.KeptIn;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeptSnapshot;
import ai.oneflow.snapshot.ReceivedPush;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Secrets of [KeptIn] on the cluster.
public final class SnapshotSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSecrets.class);

  private final KubernetesClient client;
  private final InstantSource clock;

  public SnapshotSecrets(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /// A snapshot that cannot be kept, with the reason for people.
  static final class NotKept extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotKept(String reason) {
      super(reason);
    }
  }

  /// Writes the snapshot into the slot that does not hold the newest one; nothing where it is kept
  /// already.
  ///
  /// @throws NotKept where it is too large, or a Secret of that name is somebody else's
  /// @throws KubernetesClientException where the API server refuses
  void write(LLMGateway gateway, GatewaySnapshot snapshot) {
    Optional<Slot> newest = newest(gateway);
    if (newest.filter(slot -> slot.holds(snapshot)).isPresent()) {
      return;
    }
    List<byte[]> parts = KeptSnapshot.cut(snapshot, after(newest));
    if (parts.size() > KeptIn.PARTS) {
      throw new NotKept(
          "it needs %d Secrets, and there may be %d".formatted(parts.size(), KeptIn.PARTS));
    }
    String slot =
        KeptIn.SLOTS.stream()
            .filter(name -> newest.filter(held -> held.name.equals(name)).isEmpty())
            .findFirst()
            .orElseThrow();
    for (int part = 0; part < KeptIn.PARTS; part++) {
      // A part that is not needed any more is emptied, since it may hold what was revoked.
      put(gateway, slot, part, part < parts.size() ? parts.get(part) : new byte[0]);
    }
  }

  /// Now, or what counts as later than the newest where that was written by a clock that is ahead:
  /// else pods would start by the older one.
  private Instant after(Optional<Slot> newest) {
    Instant now = clock.instant();
    return newest
        .map(slot -> slot.held.keptAt().plusMillis(1))
        .filter(next -> next.isAfter(now))
        .orElse(now);
  }

  /// What was written last and can be read.
  ///
  /// @throws KubernetesClientException where the API server refuses
  Optional<GatewaySnapshot> read(LLMGateway gateway) {
    return KeptIn.SLOTS.stream()
        .flatMap(slot -> held(gateway, slot).stream())
        .sorted(Comparator.comparing(KeptSnapshot::keptAt).reversed())
        .flatMap(kept -> decoded(gateway, kept).stream())
        .findFirst();
  }

  /// Empty where an operator of another version wrote what this one does not know.
  private static Optional<GatewaySnapshot> decoded(LLMGateway gateway, KeptSnapshot kept) {
    String why = "not all of it is understood";
    try {
      if (kept.push() instanceof ReceivedPush.Understood(var push)) {
        GatewaySnapshot snapshot = push.delta().applyTo(GatewaySnapshot.of(List.of()));
        if (snapshot.version().equals(kept.version())) {
          return Optional.of(snapshot);
        }
      }
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    LOG.warn("a kept snapshot of {} is left: {}", gateway.getMetadata().getName(), why);
    return Optional.empty();
  }

  private Optional<Slot> newest(LLMGateway gateway) {
    return KeptIn.SLOTS.stream()
        .flatMap(slot -> held(gateway, slot).stream().map(held -> new Slot(slot, held)))
        .max(Comparator.comparing(slot -> slot.held.keptAt()));
  }

  private List<KeptSnapshot> held(LLMGateway gateway, String slot) {
    List<byte[]> parts = new ArrayList<>();
    for (int number = 0; number < KeptIn.PARTS; number++) {
      Optional<byte[]> part = part(gateway, slot, number);
      if (part.isEmpty()) {
        // Nothing that belongs to a whole lies behind it.
        break;
      }
      parts.add(part.get());
    }
    return KeptSnapshot.complete(parts);
  }

  private Optional<byte[]> part(LLMGateway gateway, String slot, int number) {
    return find(gateway, KeptIn.secret(gateway, slot, number))
        .filter(secret -> isOwned(secret, gateway))
        .flatMap(SnapshotSecrets::part)
        .filter(bytes -> bytes.length > 0);
  }

  private static Optional<byte[]> part(Secret secret) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(KeptIn.DATA_KEY))
        .map(text -> Base64.getDecoder().decode(text));
  }

  private Optional<Secret> find(LLMGateway gateway, String name) {
    return Optional.ofNullable(
        client.secrets().inNamespace(gateway.getMetadata().getNamespace()).withName(name).get());
  }

  private void put(LLMGateway gateway, String slot, int part, byte[] bytes) {
    String name = KeptIn.secret(gateway, slot, part);
    Optional<Secret> there = find(gateway, name);
    if (there.isEmpty() && bytes.length == 0) {
      return;
    }
    if (there.filter(secret -> !isOwned(secret, gateway)).isPresent()) {
      throw new NotKept("Secret " + name + " is there already and is not of this LLMGateway");
    }
    Secret secret = secret(gateway, name, bytes);
    if (there.isPresent()) {
      secret.getMetadata().setResourceVersion(there.get().getMetadata().getResourceVersion());
      client.resource(secret).update();
    } else {
      client.resource(secret).create();
    }
  }

  private static boolean isOwned(Secret secret, LLMGateway gateway) {
    return KeptIn.TYPE.equals(secret.getType())
        && secret.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> Objects.equals(owner.getUid(), gateway.getMetadata().getUid()));
  }

  private static Secret secret(LLMGateway gateway, String name, byte[] bytes) {
    ObjectMeta meta = gateway.getMetadata();
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(meta.getNamespace())
        .withName(name)
        .withLabels(Map.of("app.kubernetes.io/managed-by", "oneflow"))
        .withOwnerReferences(KeptIn.owner(gateway))
        .endMetadata()
        .withType(KeptIn.TYPE)
        .withData(Map.of(KeptIn.DATA_KEY, Base64.getEncoder().encodeToString(bytes)))
        .build();
  }

  private record Slot(String name, KeptSnapshot held) {
    boolean holds(GatewaySnapshot snapshot) {
      return held.version().equals(snapshot.version());
    }
  }
}
