package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/// Notes that a resource of kind QuotaPolicy came, changed or went; the rest is the loop's.
@ControllerConfiguration(
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false) // a status that was overwritten changes none
final class QuotaPolicyReconciler implements Reconciler<QuotaPolicy> {
  private final World world;
  private final Changes changes;

  QuotaPolicyReconciler(World world, Changes changes) {
    this.world = world;
    this.changes = changes;
  }

  @Override
  public List<EventSource<?, QuotaPolicy>> prepareEventSources(
      EventSourceContext<QuotaPolicy> context) {
    world.add(QuotaPolicy.class, context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<QuotaPolicy> reconcile(QuotaPolicy resource, Context<QuotaPolicy> context) {
    changes.note(resource, context.isPrimaryResourceDeleted());
    return UpdateControl.noUpdate();
  }
}
