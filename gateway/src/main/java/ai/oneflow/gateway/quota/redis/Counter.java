package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Span.Bounds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a gateway knows of one counter: its share of it, what Redis is still to be told, and what
/// it said last. Not thread-safe.
final class Counter {
  /// Slots too short to be booked ahead: a share would be worth nothing when it comes.
  private static final long SHORTEST_SHARED_SLOT = 500;

  /// For how much longer Redis's time may have gone on than this gateway knows.
  private static final long CAUTION_MILLIS = 50;

  private static final long SHARE_MILLIS = 2_000;

  private final String name;
  private final Share share = new Share();
  private final List<Change> changes = new ArrayList<>(2);
  private Bounds period = new Bounds(0, Long.MAX_VALUE);
  private long knownLeft;
  private long knownResetAt;
  private long touchedMillis;
  private Span span;
  private Optional<Limit> warning = Optional.empty();
  private Optional<Thresholds.Told> told = Optional.empty();
  private State state = State.OPEN;
  private String mark = "";
  private String start;

  /// The same one by the name that is known by now.
  Counter named(String other, long nowMillis) {
    Counter counter = new Counter(other, nowMillis);
    counter.span = span;
    counter.period = period;
    counter.mark = mark;
    counter.warning = warning;
    counter.told = told;
    return counter;
  }

  /// What may be done with it.
  enum State {
    /// Everything.
    OPEN,
    /// It counts, and nobody may take from it yet: it may lack what other gateways have.
    CLOSED,
    /// Nobody knows which counter of Redis it is: what it is told is kept.
    WAITING,
    /// Another one has taken its place.
    RETIRED
  }

  /// @param start see [Starts]
  Counter(Limit limit, String start, long nowMillis) {
    span = limit.span();
    this.start = start;
    name = name(limit, start);
    mark = Starts.mark(limit);
    knownLeft = limit.amount();
    touchedMillis = nowMillis;
    if (span instanceof Span.Calendar calendar) {
      period = calendar.at(nowMillis);
    }
  }

  static String name(Limit limit, String start) {
    long slotMillis = limit.span() instanceof Span.Sliding sliding ? sliding.slotMillis() : 0;
    return name(slotMillis, limit.counter(), start);
  }

  /// @param limit the name of the limit's counter
  static String name(long slotMillis, String limit, String start) {
    String plain = slotMillis + ":" + limit;
    return start.equals(Starts.FIRST) ? plain : plain + "#" + start;
  }

  /// One that only its name is known of, until it is [#asked] for by a limit.
  Counter(String name, long nowMillis) {
    this.name = name;
    start = Starts.UNKNOWN;
    long slotMillis = Booking.slotMillis(name);
    span = slotMillis > 0 ? new Span.Sliding(slotMillis * Span.Sliding.SLOTS) : new Span.Whole();
    touchedMillis = nowMillis;
  }

  /// As its key ends. The length of its slots is in it, so that who finds a key knows its form.
  String name() {
    return name;
  }

  /// Of the limits that it counts for; empty where those do not last.
  String mark() {
    return mark;
  }

  /// See [Starts].
  String start() {
    return start;
  }

  /// It is known by now where one counts from that only its name was known of.
  void countFrom(String known) {
    start = known;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /// Whether somebody may take from it.
  boolean isOpen() {
    return state == State.OPEN || state == State.RETIRED;
  }

  boolean isWaiting() {
    return state == State.WAITING;
  }

  Share share() {
    return share;
  }

  /// 0 where it counts in periods.
  long slotMillis() {
    return span instanceof Span.Sliding sliding ? sliding.slotMillis() : 0;
  }

  /// The period that holds this instant; for ever where it has none.
  Bounds period(long nowMillis) {
    if (span instanceof Span.Calendar calendar && !period.contains(nowMillis)) {
      period = calendar.at(nowMillis);
    }
    return period;
  }

  /// Where something that happens now is booked, as far as this gateway knows the time.
  long place(long nowMillis) {
    return switch (span) {
      case Span.Sliding sliding -> Math.floorDiv(nowMillis, sliding.slotMillis());
      case Span.Calendar _ -> period(nowMillis).start();
      case Span.Whole() -> 0;
    };
  }

  /// Where something that happened then is booked.
  long placeAt(long millis) {
    return span instanceof Span.Calendar calendar ? calendar.at(millis).start() : place(millis);
  }

  boolean canBeShared() {
    return !(span instanceof Span.Sliding sliding) || sliding.slotMillis() >= SHORTEST_SHARED_SLOT;
  }

  /// Puts a slice into the share. It is booked in a slot that is still to come, and so may be spent
  /// until that slot ends: what is spent earlier only counts for longer than it must.
  void grant(long place, long amount, long nowMillis) {
    long until =
        span instanceof Span.Sliding sliding
            ? (place + 1) * sliding.slotMillis() - CAUTION_MILLIS
            : Math.min(nowMillis + SHARE_MILLIS, period(nowMillis).end() - CAUTION_MILLIS);
    share.add(place, amount, until, nowMillis);
  }

  void returnShare() {
    long rest = share.empty();
    if (rest > 0) {
      change(share.place(), -rest, -rest);
    }
  }

  void change(long place, long held, long used) {
    if (held == 0 && used == 0) {
      return;
    }
    for (Change change : changes) {
      if (change.adds(place, held, used)) {
        return;
      }
    }
    changes.add(new Change(this, place, held, used));
  }

  /// Tells what Redis is to be told, and forgets it. What comes is told before what goes: there may
  /// be several changes of a place whose sum does not fit one, and Redis counts nothing below 0.
  void drainTo(Consumer<Change> each) {
    List<Change> all = new ArrayList<>(changes);
    all.sort(Comparator.comparing(change -> change.held() < 0 || change.used() < 0));
    changes.clear();
    all.forEach(each);
  }

  boolean hasChanges() {
    return !changes.isEmpty();
  }

  /// What Redis said is left, shares not counted.
  void know(long left, long nowMillis) {
    knownLeft = left;
    touchedMillis = nowMillis;
  }

  /// Redis said when nothing counts any more.
  void resetIn(long millis, long nowMillis) {
    knownResetAt = nowMillis + millis;
  }

  /// Something was booked at this place, and counts until that leaves the window.
  void booked(long place, long amount) {
    if (amount > 0 && span instanceof Span.Sliding sliding) {
      long end = (place + 1 + Span.Sliding.SLOTS) * sliding.slotMillis();
      knownResetAt = Math.max(knownResetAt, end);
    }
  }

  long left(Limit limit) {
    return Math.clamp(knownLeft + share.left(), 0, limit.amount());
  }

  long resetMillis(long nowMillis) {
    return switch (span) {
      case Span.Sliding _ -> Math.max(knownResetAt - nowMillis, 0);
      case Span.Calendar _ -> period(nowMillis).end() - nowMillis;
      case Span.Whole() -> 0;
    };
  }

  /// The limit whose thresholds are to be told of, if it has any.
  Optional<Limit> warning() {
    return warning;
  }

  /// Percentages of [#warning] that Redis is to be asked about.
  List<Integer> untold(long nowMillis) {
    return warning.isEmpty() || told.isEmpty()
        ? List.of()
        : told.get().untold(warning.get(), period(nowMillis));
  }

  /// A threshold was told of in the period that began then, by whomever.
  void told(long start, int percent, long amount) {
    told.ifPresent(of -> of.add(new Bounds(start, periodEnd(start)), percent, amount));
  }

  private long periodEnd(long start) {
    return span instanceof Span.Calendar calendar ? calendar.at(start).end() : Long.MAX_VALUE;
  }

  /// The bytes by which its name is longer than that of a counter which counts from the first
  /// start.
  int suffix() {
    return start.equals(Starts.FIRST) ? 0 : start.length() + 1;
  }

  /// @param thresholds where what is told of the limit is noted
  void asked(Limit limit, Thresholds thresholds, long nowMillis) {
    touchedMillis = nowMillis;
    mark = mark.isEmpty() ? Starts.mark(limit) : mark;
    if (!limit.span().equals(span)) {
      span = limit.span();
      period = new Bounds(0, span instanceof Span.Calendar ? 0 : Long.MAX_VALUE);
    }
    if (!limit.warnAt().isEmpty() && !isWarning(limit) && slotMillis() == 0 && limit.amount() > 0) {
      warning = Optional.of(limit);
      told = Optional.of(thresholds.of(limit.counter()));
    }
  }

  /// The same one: requests ask by the same limits until configuration changes.
  private boolean isWarning(Limit limit) {
    return warning.isPresent() && warning.get().equals(limit);
  }

  /// Whether nothing would be lost if it were forgotten.
  boolean isIdle(long nowMillis) {
    return share.left() == 0 && changes.isEmpty() && nowMillis - touchedMillis > SHARE_MILLIS;
  }
}
