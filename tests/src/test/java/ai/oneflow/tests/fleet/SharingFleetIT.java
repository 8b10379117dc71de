package ai.oneflow.tests.fleet;

import ai.oneflow.snapshot.RedisEntry.Admission;
import java.util.EnumSet;
import java.util.Set;

/// A fleet that spends shares of limits by itself.
final class SharingFleetIT extends FleetContract {
  SharingFleetIT() {
    super(Admission.SHARES);
  }

  @Override
  Set<Blow> blows() {
    return EnumSet.allOf(Blow.class);
  }
}
