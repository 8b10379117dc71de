package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.KeyKeeper;
import ai.oneflow.operator.keys.KeyKeeper.Kept;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.status.Announcer;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;

/// Sees to an ApiKey's Secret, also when only the Secret came, changed or went; the rest is the
/// loop's.
@ControllerConfiguration(triggerReconcilerOnAllEvents = true)
final class ApiKeyReconciler implements Reconciler<ApiKey> {
  private final World world;
  private final Changes changes;
  private final KeyKeeper keys;
  private final Announcer announcer;
  private final SimpleInboundEventSource<ApiKey> secretChanges =
      new SimpleInboundEventSource<>("key-secrets");

  ApiKeyReconciler(World world, Changes changes, KeyKeeper keys, Announcer announcer) {
    this.world = world;
    this.changes = changes;
    this.keys = keys;
    this.announcer = announcer;
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    world.add(ApiKey.class, context.getPrimaryCache());
    return List.of(secretChanges);
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    boolean going = key.isMarkedForDeletion() || context.isPrimaryResourceDeleted();
    changes.note(key, context.isPrimaryResourceDeleted());
    if (!going && key.getSpec() != null && keys.keep(key) instanceof Kept.Minted(var shown)) {
      announcer.normal(
          key,
          "KeyMinted",
          "a key that begins with " + shown + " is in Secret " + KeySecret.nameFor(key));
    }
    return UpdateControl.noUpdate();
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
