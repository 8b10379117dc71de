package ai.oneflow.gateway.idempotency;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Whether some order of calls that ran beside each other explains what each of them saw: one in
/// which no call stands before another that had ended when it began. By search, as Wing and Gong
/// do it, that looks at each state behind the same calls once (Lowe: Testing for linearizability,
/// 2017). For some dozen calls.
public final class Linearizability {
  private final List<Call> calls;
  private final Set<Reached> reached = new HashSet<>();

  /// A call as it was seen.
  ///
  /// @param begun, ended by one clock, or one counter
  /// @param what it was, for people
  /// @param step what it would have done and seen alone
  /// @param seen what it saw
  public record Call(
      long begun, long ended, String what, Function<NameModel, NameModel.Step> step, String seen) {
    @Override
    public String toString() {
      return begun + "-" + ended + " " + what + ": " + seen;
    }
  }

  private record Reached(BitSet done, NameModel state) {}

  private Linearizability(List<Call> calls) {
    this.calls = calls;
  }

  /// Whether there is such an order that begins with a free name.
  public static boolean holdsFor(List<Call> calls) {
    return new Linearizability(calls).isExplained(new BitSet(), NameModel.FREE);
  }

  private boolean isExplained(BitSet done, NameModel state) {
    if (done.cardinality() == calls.size()) {
      return true;
    }
    if (!reached.add(new Reached((BitSet) done.clone(), state))) {
      return false;
    }
    long firstEnd = firstEnd(done);
    for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
      if (calls.get(i).begun() <= firstEnd && isExplainedBy(i, done, state)) {
        return true;
      }
    }
    return false;
  }

  /// Before it one of the calls that are left must have happened.
  private long firstEnd(BitSet done) {
    long first = Long.MAX_VALUE;
    for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
      first = Math.min(first, calls.get(i).ended());
    }
    return first;
  }

  private boolean isExplainedBy(int next, BitSet done, NameModel state) {
    Call call = calls.get(next);
    NameModel.Step step = call.step().apply(state);
    if (!step.seen().equals(call.seen())) {
      return false;
    }
    done.set(next);
    boolean explained = isExplained(done, step.then());
    done.clear(next);
    return explained;
  }
}
