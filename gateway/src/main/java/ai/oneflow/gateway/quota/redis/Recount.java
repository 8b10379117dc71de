package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Span.Bounds;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counters as they must stand, counted anew from the ledger and from what is under way. Not
/// thread-safe.
final class Recount {
  private static final int RING = Span.Sliding.SLOTS + 2;
  private static final long LATE_MILLIS = 172_800_000;

  private final long now;
  private final Map<String, Sum> sums = new HashMap<>();

  /// One counter: what it has at each of its places, and how much of that is held.
  private static final class Sum {
    private final TreeMap<Long, BigInteger> used = new TreeMap<>();
    private final Map<Long, BigInteger> held = new HashMap<>();
    private Optional<Bounds> period = Optional.empty();
  }

  /// A counter ready to be written.
  ///
  /// @param forMillis how long it is kept; 0: for ever
  record Written(Map<String, String> fields, long forMillis) {}

  Recount(long nowMillis) {
    now = nowMillis;
  }

  void used(Limit limit, long atMillis, long amount) {
    switch (limit.span()) {
      case Span.Sliding sliding ->
          add(limit, sliding.slotMillis(), atMillis / sliding.slotMillis(), amount);
      case Span.Calendar calendar -> {
        Bounds period = calendar.at(now);
        if (period.contains(atMillis)) {
          add(limit, 0, period.start(), amount).period = Optional.of(period);
        }
      }
      case Span.Whole() -> add(limit, 0, 0, amount);
    }
  }

  private Sum add(Limit limit, long slotMillis, long place, long amount) {
    return add(slotMillis + ":" + limit.counter(), place, BigInteger.valueOf(amount));
  }

  private Sum add(String counter, long place, BigInteger amount) {
    Sum sum = sums.computeIfAbsent(counter, _ -> new Sum());
    sum.used.merge(place, amount, BigInteger::add);
    return sum;
  }

  /// What a lease holds.
  void held(Booking booking) {
    Sum sum = add(booking.counter(), booking.place(), booking.amount());
    sum.held.merge(booking.place(), booking.amount(), BigInteger::add);
  }

  /// By the counter's name.
  Map<String, Written> counters() {
    Map<String, Written> all = HashMap.newHashMap(sums.size());
    sums.forEach(
        (counter, sum) -> {
          long slotMillis = Booking.slotMillis(counter);
          all.put(counter, slotMillis > 0 ? sliding(sum, slotMillis) : period(sum));
        });
    return all;
  }

  private Written sliding(Sum sum, long slotMillis) {
    long slot = now / slotMillis;
    Map<String, String> fields = new HashMap<>();
    BigInteger total = BigInteger.ZERO;
    for (var each : sum.used.subMap(slot - Span.Sliding.SLOTS, true, slot + 1, true).entrySet()) {
      fields.put(String.valueOf(each.getKey() % RING), String.valueOf(each.getValue()));
      fields.put("n", String.valueOf(each.getKey()));
      total = total.add(each.getValue());
    }
    fields.put("p", String.valueOf(slot));
    fields.put("s", String.valueOf(total));
    return new Written(fields, (RING + 2) * slotMillis);
  }

  /// The latest period counts, which is the present one, or one that began on another's clock.
  private Written period(Sum sum) {
    Map<String, String> fields = new HashMap<>();
    long place = sum.used.lastKey();
    fields.put("b", String.valueOf(place));
    fields.put("u", String.valueOf(sum.used.lastEntry().getValue()));
    fields.put("h", String.valueOf(sum.held.getOrDefault(place, BigInteger.ZERO)));
    return new Written(fields, sum.period.map(at -> at.end() - now + LATE_MILLIS).orElse(0L));
  }
}
