package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.RoutingPolicy;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/// Notes that a resource of kind RoutingPolicy came, changed or went; the rest is the loop's.
@ControllerConfiguration(
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false) // a status that was overwritten changes none
final class RoutingPolicyReconciler implements Reconciler<RoutingPolicy> {
  private final World world;
  private final Changes changes;

  RoutingPolicyReconciler(World world, Changes changes) {
    this.world = world;
    this.changes = changes;
  }

  @Override
  public List<EventSource<?, RoutingPolicy>> prepareEventSources(
      EventSourceContext<RoutingPolicy> context) {
    world.add(RoutingPolicy.class, context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<RoutingPolicy> reconcile(
      RoutingPolicy resource, Context<RoutingPolicy> context) {
    changes.note(resource, context.isPrimaryResourceDeleted());
    return UpdateControl.noUpdate();
  }
}
