package ai.oneflow.gateway.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The credentials of a provider as one of its models takes them, each of them in turn: but for
/// those whose own limit is used up, and for those that the provider refuses. A refused one is
/// tried again after a while, by one request. The last one that is left is never taken out, so that
/// an account which is dead as a whole shows as what it is.
///
/// Behind them are those that they took the place of, in the order of the provider's successions:
/// such a one has its turn only while its successor is refused and has never been accepted.
/// Thread-safe; nothing here blocks.
public final class CredentialPool {
  private static final long ACCEPTED = 0;

  /// By when one that is tried again has been answered for sure.
  private static final Duration TRIAL = Duration.ofSeconds(60);

  private final Succession.Line line;

  /// In the order of the line's credentials, then of its successions.
  private final Entry[] entries;
  private final AtomicInteger turn = new AtomicInteger();

  /// What is known of one of them.
  private static final class Entry {
    final Pause pause;

    /// When it may be tried again, odd; or [#ACCEPTED].
    final AtomicLong refusedUntil = new AtomicLong(ACCEPTED);

    Entry(long nowNanos) {
      pause = new Pause(nowNanos);
    }

    boolean isRefused() {
      return refusedUntil.get() != ACCEPTED;
    }

    /// How long it is left alone, in nanoseconds.
    long closedNanos(long nowNanos) {
      long until = refusedUntil.get();
      long refused = until == ACCEPTED ? 0 : Math.max(0, until - nowNanos);
      return Math.max(refused, pause.nanos(nowNanos));
    }
  }

  /// How many of a pool are in which state; those that others took the place of are none of it.
  ///
  /// @param usable by the next call
  /// @param paused since their own limits are used up
  /// @param refused by the provider, one that is to be tried again included
  public record Census(int usable, int paused, int refused) {}

  CredentialPool(Succession.Line line, long nowNanos) {
    this.line = line;
    this.entries = new Entry[line.credentials().size() + line.successions().size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new Entry(nowNanos);
    }
  }

  /// The pool of other credentials; what is known of those that stay is kept.
  CredentialPool changedTo(Succession.Line now, long nowNanos) {
    CredentialPool changed = new CredentialPool(now, nowNanos);
    int current = now.credentials().size();
    for (int i = 0; i < changed.entries.length; i++) {
      int known =
          i < current
              ? line.credentials().indexOf(now.credentials().get(i))
              : knownFormer(now.successions().get(i - current));
      if (known >= 0) {
        changed.entries[i] = entries[known];
      }
    }
    return changed;
  }

  private int knownFormer(Succession succession) {
    for (int i = 0; i < line.successions().size(); i++) {
      if (line.successions().get(i).isOf(succession)) {
        return line.credentials().size() + i;
      }
    }
    return succession.former().map(line.credentials()::indexOf).orElse(-1);
  }

  Succession.Line line() {
    return line;
  }

  public int size() {
    return entries.length;
  }

  /// How long the one in this place is left alone, in nanoseconds. One that another took the place
  /// of is so for ever, unless that one is refused.
  private long closedNanos(int place, long nowNanos) {
    return stands(place, nowNanos) ? entries[place].closedNanos(nowNanos) : Long.MAX_VALUE;
  }

  private boolean stands(int place, long nowNanos) {
    int current = line.credentials().size();
    if (place < current) {
      return true;
    }
    Succession succession = line.successions().get(place - current);
    return entries[succession.place()].isRefused() && succession.isOpen(nowNanos);
  }

  /// The place of the one whose turn it is; -1 where all are left alone. What is taken is to be
  /// told of by [#accepted], [#pause] or [#refused], if there was an answer.
  public int take(long nowNanos) {
    if (entries.length == 1) {
      return entries[0].closedNanos(nowNanos) > 0 ? -1 : 0;
    }
    int usable = 0;
    for (int i = 0; i < entries.length; i++) {
      usable += closedNanos(i, nowNanos) == 0 ? 1 : 0;
    }
    int skipped = usable == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), usable);
    int taken = claim(skipped, nowNanos);
    return taken < 0 ? claim(0, nowNanos) : taken; // others were faster
  }

  /// The first that may be used after so many that may; -1 where there is none.
  private int claim(int skipped, long nowNanos) {
    int left = skipped;
    for (int i = 0; i < entries.length; i++) {
      if (closedNanos(i, nowNanos) == 0 && left-- <= 0 && claim(entries[i], nowNanos)) {
        return i;
      }
    }
    return -1;
  }

  /// A refused one is for the first who comes; others go by it until it has answered, or for long
  /// enough for an answer to come.
  private static boolean claim(Entry entry, long nowNanos) {
    long until = entry.refusedUntil.get();
    return until == ACCEPTED
        || entry.refusedUntil.compareAndSet(until, odd(nowNanos + TRIAL.toNanos()));
  }

  private static long odd(long nanos) {
    return nanos | 1;
  }

  /// How long all of them are left alone, in nanoseconds; 0 where one may be used.
  public long closedNanos(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < entries.length; i++) {
      least = Math.min(least, closedNanos(i, nowNanos));
    }
    return least;
  }

  /// The provider knows it.
  public void accepted(int place) {
    Entry entry = entries[place];
    if (entry.isRefused()) {
      entry.refusedUntil.set(ACCEPTED);
    }
  }

  /// The provider has done what it was asked with it, so that the one before it is needed no more.
  public void proven(int place) {
    accepted(place);
    for (Succession succession : line.successions()) {
      if (succession.place() == place) {
        succession.accepted();
      }
    }
  }

  /// Its own limit is used up for so long.
  public void pause(int place, Duration pause, long nowNanos) {
    accepted(place);
    entries[place].pause.extend(pause, nowNanos);
  }

  /// The provider refuses it: it is left alone for so long.
  ///
  /// @return whether another one is left; otherwise this one stays
  public boolean refused(int place, Duration pause, long nowNanos) {
    entries[place].refusedUntil.set(odd(nowNanos + pause.toNanos()));
    for (int i = 0; i < entries.length; i++) {
      if (!entries[i].isRefused() && stands(i, nowNanos)) {
        return true;
      }
    }
    accepted(place);
    return false;
  }

  /// Those that are refused in the place of another one that is still kept.
  public List<Takeover> takeovers(long nowNanos) {
    List<Takeover> takeovers = new ArrayList<>();
    int current = line.credentials().size();
    for (int i = 0; i < line.successions().size(); i++) {
      if (stands(current + i, nowNanos)) {
        takeovers.add(new Takeover(line.successions().get(i).place(), !isRefused(current + i)));
      }
    }
    return takeovers;
  }

  /// A credential that the provider refuses since it took the place of another.
  ///
  /// @param place its place
  /// @param formerServes whether the one before it is taken by the provider still
  public record Takeover(int place, boolean formerServes) {}

  /// Whether it is out of the pool for now.
  public boolean isRefused(int place) {
    return entries[place].isRefused();
  }

  public Census census(long nowNanos) {
    int usable = 0;
    int refused = 0;
    int current = line.credentials().size();
    for (int i = 0; i < current; i++) {
      Entry entry = entries[i];
      refused += entry.isRefused() ? 1 : 0;
      usable += !entry.isRefused() && entry.closedNanos(nowNanos) == 0 ? 1 : 0;
    }
    return new Census(usable, current - usable - refused, refused);
  }
}
