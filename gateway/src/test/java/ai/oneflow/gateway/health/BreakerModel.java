package ai.oneflow.gateway.health;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a breaker is meant to be, where nobody does anything at the same time as another. It opens
/// after two faults in a row for a minute, lets one probe through, and begins with its minute over.
/// Lincheck holds what threads see of a real one against some order of these steps.
public final class BreakerModel {
  static final int FAULTS = 2;
  static final Duration OPEN_FOR = Duration.ofMinutes(1);

  private final Map<Integer, Permit> held = new HashMap<>();
  private BreakerState state = BreakerState.OPEN;
  private int faults;
  private long generation;
  private boolean probing;
  private int minutes;
  private int openUntilMinutes;

  public String ask(int caller) {
    if (held.containsKey(caller)) {
      return "has one";
    }
    if (isElapsed()) {
      state = BreakerState.HALF_OPEN;
    }
    return switch (state) {
      case CLOSED -> give(caller, new Permit(false, generation));
      case HALF_OPEN -> probing ? "none" : give(caller, Permit.PROBE);
      case OPEN -> "none";
    };
  }

  private String give(int caller, Permit permit) {
    held.put(caller, permit);
    probing |= permit.isProbe();
    return name(permit);
  }

  static String name(Permit permit) {
    return permit.isProbe() ? "PROBE" : "PLAIN";
  }

  public boolean succeed(int caller) {
    Permit permit = held.remove(caller);
    if (permit != null && permit.isProbe()) {
      become(BreakerState.CLOSED);
    } else if (counts(permit)) {
      faults = 0;
    }
    return permit != null;
  }

  public boolean fail(int caller) {
    Permit permit = held.remove(caller);
    boolean opens = counts(permit) && ++faults == FAULTS;
    if (opens || (permit != null && permit.isProbe())) {
      become(BreakerState.OPEN);
      generation++;
      openUntilMinutes = minutes + 1;
    }
    return permit != null;
  }

  /// One that was given before the last opening does not.
  private boolean counts(@Nullable Permit permit) {
    return permit != null
        && !permit.isProbe()
        && state == BreakerState.CLOSED
        && permit.generation() == generation;
  }

  public boolean abandon(int caller) {
    Permit permit = held.remove(caller);
    probing &= permit == null || !permit.isProbe();
    return permit != null;
  }

  private void become(BreakerState next) {
    state = next;
    faults = 0;
    probing = false;
  }

  public void minutePasses() {
    minutes++;
  }

  public long openNanos() {
    return state == BreakerState.OPEN && !isElapsed() ? OPEN_FOR.toNanos() : 0;
  }

  public String state() {
    return (isElapsed() ? BreakerState.HALF_OPEN : state).name();
  }

  private boolean isElapsed() {
    return state == BreakerState.OPEN && minutes >= openUntilMinutes;
  }
}
