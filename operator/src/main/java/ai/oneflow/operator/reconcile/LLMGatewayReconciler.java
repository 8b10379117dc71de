package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/// Notes that a resource of kind LLMGateway came, changed or went; the rest is the loop's.
@ControllerConfiguration(
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false) // a status that was overwritten changes none
final class LLMGatewayReconciler implements Reconciler<LLMGateway> {
  private final World world;
  private final Changes changes;

  LLMGatewayReconciler(World world, Changes changes) {
    this.world = world;
    this.changes = changes;
  }

  @Override
  public List<EventSource<?, LLMGateway>> prepareEventSources(
      EventSourceContext<LLMGateway> context) {
    world.add(LLMGateway.class, context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<LLMGateway> reconcile(LLMGateway resource, Context<LLMGateway> context) {
    changes.note(resource, context.isPrimaryResourceDeleted());
    return UpdateControl.noUpdate();
  }
}
