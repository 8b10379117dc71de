package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// Some gateways that count together, each with a journal of its own and one SQL behind all.
final class TestFleet implements AutoCloseable {
  static final Terms.Waits PATIENT = new Terms.Waits(3_000, 60_000);
  static final Duration LONG = Duration.ofSeconds(30);

  private final String url;
  private final boolean cluster;
  private final boolean shares;
  private final Terms.Waits waits;
  final FakeLedger.Sql sql = new FakeLedger.Sql();
  final List<Crossing> crossings = new CopyOnWriteArrayList<>();
  private int started;
  final List<Member> members = new ArrayList<>();

  /// A gateway.
  record Member(RedisQuotas quotas, FakeLedger ledger) {
    /// Records what was used and settles.
    void settle(Hold hold, Limit limit, Spent spent) {
      synchronized (ledger) {
        ledger.add(limit, spent.of(limit));
        quotas.settle(hold, spent);
      }
    }

    /// Records what was used by a request that was admitted before there was the limit.
    void use(Limit limit, long amount) {
      synchronized (ledger) {
        ledger.add(limit, amount);
        quotas.count(limit, System.currentTimeMillis(), amount);
      }
    }

    /// These limits are in force.
    ///
    /// @return done when they can be used
    CompletableFuture<Void> configure(Limit... limits) {
      ledger.configure(List.of(limits));
      return quotas.configured();
    }
  }

  TestFleet(String url, boolean cluster, boolean shares, Terms.Waits waits) {
    this.url = url;
    this.cluster = cluster;
    this.shares = shares;
    this.waits = waits;
  }

  static TestFleet of(String url, boolean shares, Terms.Waits waits, int gateways) {
    TestFleet fleet = new TestFleet(url, false, shares, waits);
    for (int i = 0; i < gateways; i++) {
      fleet.start("gateway-" + i);
    }
    return fleet;
  }

  Member start(String instance) {
    Member member = begin(instance);
    member.quotas().ready().orTimeout(30, TimeUnit.SECONDS).join();
    return member;
  }

  /// Without waiting for it to be ready.
  Member begin(String instance) {
    return begin(instance, new Run(++started, "start"), url);
  }

  /// As a process may that has begun already, or over a wire that is not everybody's.
  Member begin(String instance, Run run, String url) {
    RedisSettings settings =
        new RedisSettings(url, Optional.empty(), cluster, shares, "ai/main", instance, run);
    Terms terms =
        new Terms(new Keys(settings.fleet()), new RedisTime(), shares, waits, crossings::add);
    FakeLedger ledger = new FakeLedger(sql, instance);
    RedisQuotas quotas = RedisQuotas.open(settings, terms, ledger.asRedisLedger());
    Member member = new Member(quotas, ledger);
    members.add(member);
    return member;
  }

  static Taking take(Quotas quotas, Limit limit, long amount) {
    return taking(quotas, limit, amount).orTimeout(30, TimeUnit.SECONDS).join();
  }

  static CompletableFuture<Taking> taking(Quotas quotas, Limit limit, long amount) {
    CompletableFuture<Taking> taking = new CompletableFuture<>();
    quotas.take(new Ask(List.of(limit), amount, amount), Runnable::run, taking::complete);
    return taking;
  }

  /// What is left by Redis and the shares of this gateway; empty while Redis is away.
  static Optional<Long> left(Quotas quotas, Limit limit) {
    CompletableFuture<List<Standing>> standings = new CompletableFuture<>();
    quotas.look(List.of(limit), Runnable::run, standings::complete);
    return standings.orTimeout(30, TimeUnit.SECONDS).join().stream()
        .map(Standing::left)
        .findFirst();
  }

  /// Waits until so much is left, by the word of each gateway.
  void awaitLeft(Limit limit, long amount) {
    for (Member member : members) {
      Awaitility.await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> left(member.quotas(), limit), left -> left.equals(Optional.of(amount)));
    }
  }

  /// All that was charged.
  long charged() {
    return FakeLedger.sum(sql) + members.stream().mapToLong(m -> m.ledger().journaled()).sum();
  }

  void kill(Member member) {
    member.quotas().abandon();
    members.remove(member);
  }

  @Override
  public void close() {
    members.forEach(member -> member.quotas().close());
  }
}
