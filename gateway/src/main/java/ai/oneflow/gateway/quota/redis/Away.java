package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Decides while Redis does not answer: out of shares, and then as each limit says. What passes is
/// booked, and Redis told when it is back: it may be under way still. Not thread-safe.
final class Away {
  private final Books books;
  private final MemoryQuotas alone;

  Away(Books books, RedisTime time) {
    this.books = books;
    alone = new MemoryQuotas(() -> Instant.ofEpochMilli(time.now()), _ -> {});
  }

  /// @param trusted whether shares are still this gateway's
  Taking decide(Take take, boolean trusted, int gateways, long now) {
    List<Limit> divided = new ArrayList<>();
    for (int i = 0; i < take.size(); i++) {
      Limit limit = take.ask().limits().get(i);
      if (take.isAsked(i) && !meets(take, i, trusted, now)) {
        if (!canBeDivided(limit)) {
          books.release(take, now);
          return new Taking.Unreachable(limit);
        }
        books.book(take, i, now);
        divided.add(limit);
      }
    }
    return divided.isEmpty()
        ? books.taken(take, List.of(), now)
        : takeAlone(take, divided, gateways, now);
  }

  /// Whether it needs no counting here: there is enough of its share, or it does not bind.
  private boolean meets(Take take, int i, boolean trusted, long now) {
    Limit limit = take.ask().limits().get(i);
    if (trusted) {
      books.spend(take, i, now);
    }
    if (!take.isAsked(i)) {
      return true;
    }
    if (limit.binding().binds()) {
      switch (limit.whenAway()) {
        case ALLOW -> {}
        case DENY, LOCAL_SHARE -> {
          return false;
        }
      }
    }
    books.book(take, i, now);
    return true;
  }

  /// A budget is not divided: what others spent of their parts could not be told apart later from
  /// what was overspent.
  private static boolean canBeDivided(Limit limit) {
    return switch (limit.whenAway()) {
      case ALLOW, DENY -> false;
      case LOCAL_SHARE -> limit.span() instanceof Span.Sliding || limit.unit() == Unit.CONCURRENT;
    };
  }

  private Taking takeAlone(Take take, List<Limit> divided, int gateways, long now) {
    List<Limit> parts = divided.stream().map(limit -> limit.of(limit.amount() / gateways)).toList();
    AtomicReference<Taking> taking = new AtomicReference<>();
    alone.take(
        new Ask(parts, take.ask().tokens(), take.ask().picoDollars()), Runnable::run, taking::set);
    return switch (taking.get()) {
      case Taking.Taken taken ->
          books.taken(take, List.of(), new Live(Optional.of(taken.hold()), Optional.empty()), now);
      case Taking.Refused refused -> {
        books.release(take, now);
        Standing standing = refused.standing();
        Limit limit = divided.get(parts.indexOf(standing.limit()));
        yield new Taking.Refused(
            new Standing(limit, standing.left(), standing.resetMillis()),
            refused.opensMillis(),
            refused.held());
      }
      case Taking.Unreachable unreachable -> unreachable;
    };
  }

  void settle(Hold hold, Spent spent) {
    alone.settle(hold, spent);
  }
}
