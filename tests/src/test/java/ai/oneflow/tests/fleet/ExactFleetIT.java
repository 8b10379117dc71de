package ai.oneflow.tests.fleet;

import ai.oneflow.snapshot.RedisEntry.Admission;
import java.util.EnumSet;
import java.util.Set;

/// A fleet that asks Redis about each request. What shares make no difference to is left to them.
final class ExactFleetIT extends FleetContract {
  ExactFleetIT() {
    super(Admission.EXACT);
  }

  @Override
  Set<Blow> blows() {
    return EnumSet.of(Blow.NONE, Blow.GATEWAY_KILLED);
  }
}
