package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.sql.EventHistory;
import ai.oneflow.gateway.ledger.sql.Interval;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.SnapshotCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Recomputes the charges of the ledger from their usage and the price list that they name.
///
/// A list is believed only if its content has the hash that it is called by. One thread.
final class Audit {
  private static final Listed MISSING = new Listed.Missing();
  private static final int FEWEST_DIGITS = 8;

  private final Map<String, Listed> lists = new HashMap<>();
  private final BiConsumer<UsageEvent, Cost> difference;
  private final SortedMap<String, Long> missing = new TreeMap<>();
  private final SortedMap<String, Long> altered = new TreeMap<>();
  private final Counts counts = new Counts();

  /// A price list out of the ledger.
  private sealed interface Listed {
    record Sound(PriceList list, PriceBook book) implements Listed {}

    /// Its content is not the one that the charges were made by.
    record Altered() implements Listed {}

    /// The ledger does not have it.
    record Missing() implements Listed {}
  }

  /// @param difference told of each event that was charged otherwise than it should have been, and
  ///     of that charge
  Audit(BiConsumer<UsageEvent, Cost> difference) {
    this.difference = difference;
  }

  /// What was found.
  ///
  /// @param differing charged otherwise than its list says
  /// @param unpriced without a price, so without a charge
  /// @param clamped by figures that were cut, rightly so
  /// @param overflowed without a charge, since it does not fit 64 bits
  /// @param missing events by the version of a price list that the ledger does not have
  /// @param altered events by the version of one whose content has another hash
  record Findings(
      long events,
      long agreeing,
      long differing,
      long unpriced,
      long clamped,
      long overflowed,
      SortedMap<String, Long> missing,
      SortedMap<String, Long> altered) {}

  private static final class Counts {
    private long events;
    private long agreeing;
    private long differing;
    private long unpriced;
    private long clamped;
    private long overflowed;
  }

  /// Reads the interval's events, one after the other.
  Findings of(EventHistory history, Interval interval) throws SQLException {
    history.priceLists().forEach((version, content) -> lists.put(version, read(version, content)));
    history.events(interval, this::judge);
    return new Findings(
        counts.events,
        counts.agreeing,
        counts.differing,
        counts.unpriced,
        counts.clamped,
        counts.overflowed,
        missing,
        altered);
  }

  private void judge(UsageEvent event) {
    counts.events++;
    switch (event.cost().state()) {
      case UNPRICED -> counts.unpriced++;
      case CLAMPED -> counts.clamped++;
      case OVERFLOWED -> counts.overflowed++;
      case PRICED -> {}
    }
    String version = event.cost().priceVersion();
    if (event.cost().state() == ChargeState.UNPRICED) {
      compare(event, unpriced());
      return;
    }
    switch (lists.getOrDefault(version, MISSING)) {
      case Listed.Sound sound -> compare(event, charges(event, sound));
      case Listed.Altered() -> altered.merge(version, 1L, Long::sum);
      case Listed.Missing() -> missing.merge(version, 1L, Long::sum);
    }
  }

  private static SequencedSet<Cost> unpriced() {
    SequencedSet<Cost> costs = new LinkedHashSet<>();
    costs.add(Cost.UNPRICED);
    return costs;
  }

  private void compare(UsageEvent event, SequencedSet<Cost> right) {
    if (right.contains(event.cost())) {
      counts.agreeing++;
    } else {
      counts.differing++;
      difference.accept(event, right.getFirst());
    }
  }

  /// What it may cost. The one that died with its gateway is charged by plain prices that were
  /// fixed before its provider was called, so by those of any tier.
  private static SequencedSet<Cost> charges(UsageEvent event, Listed.Sound sound) {
    SequencedSet<Cost> costs = new LinkedHashSet<>();
    PriceBook book = sound.book;
    long start = event.id().startMillis();
    Charge charge =
        event.batch() ? book.chargeBatch(event.usage(), start) : book.charge(event.usage(), start);
    Cost cost = Meter.cost(charge);
    boolean isFree = event.usageSource() == UsageSource.NONE;
    costs.add(isFree ? new Cost(cost.state(), 0, cost.priceVersion()) : cost);
    if (event.ending().outcome() == Outcome.GATEWAY_FAILED
        && event.usageSource() == UsageSource.ESTIMATED) {
      long input = event.usage().inputTokens();
      long output = event.usage().outputTokens();
      costs.add(book.rates(0, start).cost(input, output));
      for (PriceList.Tier tier : sound.list.tiers()) {
        costs.add(book.rates(tier.aboveInputTokens() + 1, start).cost(input, output));
      }
    }
    return costs;
  }

  /// Versions of eight digits were given once; they are the beginning of today's.
  private static Listed read(String version, String content) {
    try {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      PriceList list = SnapshotCodec.decode(new ByteArrayInputStream(bytes), PriceList.class);
      boolean isItself =
          list.version().equals(version)
              && version.length() >= FEWEST_DIGITS
              && SnapshotCodec.versionOf(list).startsWith(version);
      return isItself ? new Listed.Sound(list, PriceBook.of(List.of(list))) : new Listed.Altered();
    } catch (IOException | IllegalArgumentException e) {
      return new Listed.Altered();
    }
  }
}
