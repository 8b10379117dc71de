package ai.oneflow.tests.fleet;

import ai.oneflow.snapshot.RedisEntry.Admission;
import java.util.EnumSet;
import java.util.Set;

/// A fleet that asks Redis about each request. What shares make no difference to is left to them,
/// unless all is asked for (`-Doneflow.blows=all`): what becomes of Redis is met by the same code,
/// and takes a minute more.
final class ExactFleetIT extends FleetContract {
  ExactFleetIT() {
    super(Admission.EXACT);
  }

  @Override
  Set<Blow> blows() {
    return System.getProperty("oneflow.blows", "").equals("all")
        ? EnumSet.allOf(Blow.class)
        : EnumSet.of(Blow.NONE, Blow.GATEWAY_KILLED, Blow.REDIS_STANDS_STILL);
  }
}
