package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.KeyKeeper;
import ai.oneflow.operator.keys.KeyKeeper.Kept;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.keys.MadeKey;
import ai.oneflow.operator.status.Announcer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sees to an ApiKey's Secret, also when only the Secret came, changed or went, or when the time
/// for another key has come; the rest is the loop's.
@ControllerConfiguration(
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false) // annotations change no generation
final class ApiKeyReconciler implements Reconciler<ApiKey> {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(100);

  /// Clocks are put right now and then.
  private static final Duration LONGEST = Duration.ofDays(1);

  private final World world;
  private final Changes changes;
  private final KeyKeeper keys;
  private final Announcer announcer;
  private final Clock clock;
  private final SimpleInboundEventSource<ApiKey> secretChanges =
      new SimpleInboundEventSource<>("key-secrets");

  ApiKeyReconciler(World world, Changes changes, Keeping keeping, Announcer announcer) {
    this.world = world;
    this.changes = changes;
    this.keys = keeping.keeper();
    this.clock = keeping.clock();
    this.announcer = announcer;
  }

  /// Who keeps keys, by which clock.
  record Keeping(KeyKeeper keeper, Clock clock) {
    static Keeping of(KubernetesClient client, Clock clock) {
      return new Keeping(new KeyKeeper(client, new SecureRandom(), clock), clock);
    }
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    world.add(ApiKey.class, context.getPrimaryCache());
    return List.of(secretChanges);
  }

  /// What concerns a key: its spec, the annotation that rotates it, that it goes. Its status is
  /// written often, and asking the API server for a Secret each time would be for nothing.
  boolean concerns(ApiKey now, ApiKey before) {
    return changes.concern(now, before) || !rotate(now).equals(rotate(before));
  }

  private static String rotate(ApiKey key) {
    return Optional.ofNullable(key.getMetadata().getAnnotations())
        .orElse(Map.of())
        .getOrDefault(Api.ROTATE_ANNOTATION, "");
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    boolean going = key.isMarkedForDeletion() || context.isPrimaryResourceDeleted();
    changes.note(key, context.isPrimaryResourceDeleted());
    if (going || key.getSpec() == null) {
      world.unminted().clear(key);
      return UpdateControl.noUpdate();
    }
    return again(key, keep(key))
        .map(after -> UpdateControl.<ApiKey>noUpdate().rescheduleAfter(after))
        .orElseGet(UpdateControl::noUpdate);
  }

  /// Why a key cannot be minted is to be seen at the ApiKey, while it is tried again and again.
  private Kept keep(ApiKey key) {
    try {
      Kept kept = keys.keep(key);
      changes.noteNews(world.unminted().clear(key));
      return kept;
    } catch (KubernetesClientException e) {
      changes.noteNews(world.unminted().note(key, e));
      throw e;
    }
  }

  /// Tells what was done, and says after what time to look again.
  private Optional<Duration> again(ApiKey key, Kept kept) {
    return switch (kept) {
      case Kept.Present(var at, var recent) -> {
        recent.ifPresent(made -> tell(key, made));
        yield at.map(this::after);
      }
      case Kept.Minted(var made) -> {
        tell(key, made);
        yield Optional.of(SOON);
      }
      case Kept.Rotated(var made) -> {
        tell(key, made);
        yield Optional.of(SOON);
      }
      case Kept.Foreign _ -> Optional.empty();
    };
  }

  /// Once for each key, whoever made it: this operator, or one before it that was not told so.
  private void tell(ApiKey owner, MadeKey made) {
    String place =
        "a key that begins with " + made.shown() + " is in Secret " + KeySecret.nameFor(owner);
    announcer.normalOnce(
        owner,
        "key-" + made.id(),
        made.formerUntil()
            .map(until -> new Announcer.Words("KeyRotated", place + "; " + former(until)))
            .orElseGet(() -> new Announcer.Words("KeyMinted", place)));
  }

  private String former(Instant until) {
    return "the one before it "
        + (until.isAfter(clock.instant()) ? "works until " + until : "ended");
  }

  private Duration after(Instant at) {
    Duration left = Duration.between(clock.instant(), at);
    return left.compareTo(LONGEST) > 0 ? LONGEST : left.compareTo(LEAST) < 0 ? LEAST : left;
  }

  /// Looks after the ApiKey whose Secret this would be.
  void secretChanged(Secret secret) {
    String namespace = secret.getMetadata().getNamespace();
    String name = secret.getMetadata().getName();
    for (ApiKey key : world.list(ApiKey.class)) {
      if (namespace.equals(key.getMetadata().getNamespace())
          && name.equals(KeySecret.nameFor(key))) {
        secretChanges.propagateEvent(ResourceID.fromResource(key));
      }
    }
  }
}
