package ai.oneflow.gateway.quota;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one request has taken, until it settles. Belongs to the request; ends exactly once, by
/// [Quotas#settle].
public final class Hold {
  private final Ask ask;
  private final long[] places;
  private @Nullable Quotas keeper;
  private boolean settled;

  /// @param places for each limit of the ask where in its span it was booked: the number of a slot,
  ///     or the start of a period; [#NOWHERE] where nothing was booked
  public Hold(Ask ask, long[] places) {
    this.ask = ask;
    this.places = places;
  }

  /// Nothing was booked for this limit, because its counter could not be reached.
  public static final long NOWHERE = Long.MIN_VALUE;

  /// Notes who took it, and is to settle it.
  void keptBy(Quotas quotas) {
    keeper = quotas;
  }

  /// Whether these counters took it.
  public boolean isKeptBy(Quotas quotas) {
    return quotas.equals(keeper);
  }

  Optional<Quotas> keeper() {
    return Optional.ofNullable(keeper);
  }

  public Ask ask() {
    return ask;
  }

  public long place(int limit) {
    return places[limit];
  }

  /// Marks the hold as settled; false where it was already.
  public boolean end() {
    if (settled) {
      return false;
    }
    settled = true;
    return true;
  }
}
