package ai.oneflow.gateway.idempotency;

import java.util.Map;
import java.util.TreeMap;

/// What a name is meant to be, where nobody does anything at the same time as another: nobody's,
/// claimed by one, or answered. A caller has a turn from its claim until it concludes it or lets it
/// go, even where the name was lost meanwhile. What threads see of a real one must be what some
/// order of these steps would show.
///
/// @param turns the body that each caller with a turn claimed the name for
/// @param holder the caller whose turn counts; [#NOBODY] where none does
/// @param body of the request that it was claimed or answered for; empty where it is nobody's
/// @param answer empty where there is none
public record NameModel(Map<Integer, String> turns, int holder, String body, String answer) {

  private static final int NOBODY = -1;
  public static final NameModel FREE = new NameModel(Map.of(), NOBODY, "", "");

  private static final String DONE = "done";
  private static final String NO_TURN = "no turn";

  /// What comes of a step.
  ///
  /// @param seen by the caller
  public record Step(NameModel then, String seen) {}

  public Step claim(int caller, String wanted) {
    if (turns.containsKey(caller)) {
      return new Step(this, "has a turn");
    }
    if (body.isEmpty()) {
      return new Step(new NameModel(with(caller, wanted), caller, wanted, ""), "first");
    }
    if (!body.equals(wanted)) {
      return new Step(this, "mismatch");
    }
    return new Step(this, answer.isEmpty() ? "under way" : "answered by " + answer);
  }

  public Step renew(int caller) {
    String claimed = turns.get(caller);
    if (claimed == null) {
      return new Step(this, NO_TURN);
    }
    return new Step(isTheirs(caller) ? this : new NameModel(turns, caller, claimed, ""), DONE);
  }

  public Step conclude(int caller) {
    String claimed = turns.get(caller);
    if (claimed == null) {
      return new Step(this, NO_TURN);
    }
    Map<Integer, String> others = without(caller);
    return isTheirs(caller)
        ? new Step(new NameModel(others, holder, body, answer), DONE)
        : new Step(new NameModel(others, NOBODY, claimed, "caller " + caller), DONE);
  }

  public Step letGo(int caller) {
    if (!turns.containsKey(caller)) {
      return new Step(this, NO_TURN);
    }
    Map<Integer, String> others = without(caller);
    return holder == caller
        ? new Step(new NameModel(others, NOBODY, "", ""), DONE)
        : new Step(new NameModel(others, holder, body, answer), DONE);
  }

  /// Its day is over, with it the lease of whoever has it, or Redis has lost it.
  public Step lose() {
    return new Step(new NameModel(turns, NOBODY, "", ""), DONE);
  }

  /// Whether the name is another's than this caller's by now, or answered.
  private boolean isTheirs(int caller) {
    return !answer.isEmpty() || (holder != NOBODY && holder != caller);
  }

  private Map<Integer, String> with(int caller, String claimed) {
    Map<Integer, String> more = new TreeMap<>(turns);
    more.put(caller, claimed);
    return more;
  }

  private Map<Integer, String> without(int caller) {
    Map<Integer, String> fewer = new TreeMap<>(turns);
    fewer.remove(caller);
    return fewer;
  }
}
