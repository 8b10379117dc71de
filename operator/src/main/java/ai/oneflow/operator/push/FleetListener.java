package ai.oneflow.operator.push;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Warning;

/// Hears of what happens to a fleet. Called under the fleet's lock: return at once, and do not call
/// the fleet.
public interface FleetListener {

  /// A gateway came, went or acknowledged.
  void changed(GatewayId gateway);

  /// A gateway refused a snapshot and serves by what it had.
  void refused(GatewayId gateway, String instance, Rejection rejection);

  /// A gateway says what keys have spent.
  default void spent(GatewayId gateway, Spending spending) {}

  /// A gateway says when keys were used.
  default void used(GatewayId gateway, KeyUses uses) {}

  /// A gateway says how its breakers stand; they are in its [Instance].
  default void breakersChanged(GatewayId gateway) {}

  /// A gateway says which credentials are refused; they are in its [Instance].
  default void credentialsChanged(GatewayId gateway) {}

  /// A gateway says that a budget was spent up to a mark.
  default void warned(GatewayId gateway, Warning warning) {}
}
