package ai.oneflow.operator.push;

import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.BreakerStates.State;
import ai.oneflow.snapshot.EntryKey;
import java.util.HashMap;
import java.util.Map;

/// How the breakers of one pod stand, as it has said on its stream. Immutable; it ends with the
/// stream.
public final class Breakers {
  /// Where a stream begins.
  public static final Breakers ALL_CLOSED = new Breakers(Map.of());

  /// A gateway that names ever more models fills no more than this.
  private static final int MOST = 100_000;

  private final Map<Place, State> notClosed;

  private Breakers(Map<Place, State> notClosed) {
    this.notClosed = notClosed;
  }

  private record Place(EntryKey provider, String model) {}

  /// The same with what the pod says now.
  public Breakers with(BreakerStates said) {
    Map<Place, State> next = new HashMap<>(notClosed);
    for (BreakerStates.Breaker breaker : said.breakers()) {
      Place place = new Place(breaker.key(), breaker.model());
      if (breaker.state() == State.CLOSED) {
        next.remove(place);
      } else if (next.size() < MOST || next.containsKey(place)) {
        next.put(place, breaker.state());
      }
    }
    return new Breakers(next);
  }

  /// That of a model.
  ///
  /// @param provider the LLMProvider
  /// @param model as the provider calls it
  public State of(EntryKey provider, String model) {
    return notClosed.getOrDefault(new Place(provider, model), State.CLOSED);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Breakers that && notClosed.equals(that.notClosed);
  }

  @Override
  public int hashCode() {
    return notClosed.hashCode();
  }

  @Override
  public String toString() {
    return "Breakers" + notClosed;
  }
}
