package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.FleetListener;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.status.BreakerPace;
import ai.oneflow.operator.status.Spends;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Warning;

/// Brings what gateways say to whom it concerns.
record Hearing(Trigger trigger, Spends spends, BreakerPace breakers) implements FleetListener {
  @Override
  public void changed(GatewayId gateway) {
    trigger.fleetChanged();
  }

  @Override
  public void refused(GatewayId gateway, String instance, Rejection rejection) {
    trigger.refused(new Trigger.Refusing(gateway, instance, rejection));
  }

  @Override
  public void spent(GatewayId gateway, Spending spending) {
    spends.spent(gateway, spending);
  }

  @Override
  public void used(GatewayId gateway, KeyUses uses) {
    spends.used(gateway, uses);
  }

  @Override
  public void breakersChanged(GatewayId gateway) {
    breakers.changed();
  }

  /// At the pace of breakers, so that nobody makes statuses be written without end.
  @Override
  public void credentialsChanged(GatewayId gateway) {
    breakers.changed();
  }

  @Override
  public void warned(GatewayId gateway, Warning warning) {
    trigger.warned(new Trigger.Warned(gateway, warning));
  }
}
