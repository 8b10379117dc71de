package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.gateway.redis.RedisLink;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the script does with what counters are told out of the ledger.
final class BeginIT {
  private static final Keys KEYS = new Keys("ai/main");
  private static final String EPOCH = "epoch-1";
  private static final String START = KEYS.start(EPOCH, "s1");
  private static final Limit LIMIT =
      Limit.hard("key|a/b|credits|total", "key a/b", Unit.CREDITS, new Span.Whole(), 1_000);

  private RedisServer redis;
  private RedisLink link;
  private Desk desk;
  private RedisTime time;

  @BeforeEach
  void start() throws IOException {
    redis = InstalledRedis.start();
    RedisSettings settings =
        new RedisSettings(
            redis.url().toString(),
            Optional.empty(),
            false,
            false,
            "ai/main",
            "one",
            new Run(0, "first"));
    link = new RedisLink(settings.address(), () -> {});
    link.connect();
    redis.ask("SET", KEYS.epoch(), EPOCH);
    Terms terms = new Terms(KEYS, new RedisTime(), false, TestFleet.PATIENT, _ -> {});
    time = terms.time();
    desk = new Desk(terms, link, new Untroubled());
    desk.open(new Lease("one#first-1", EPOCH));
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      link.close();
      redis.close();
    }
  }

  @Test
  void countsOnlyWhatIsMoreThanItWasToldOfTheGateway() throws Exception {
    assertThat(tell("one", LIMIT, 5)).isTrue();
    assertThat(tell("one", LIMIT, 5)).isTrue();
    assertThat(tell("one", LIMIT, 3)).isTrue();
    assertThat(used(LIMIT)).isEqualTo("5");

    assertThat(tell("one", LIMIT, 7)).isTrue();

    assertThat(used(LIMIT)).isEqualTo("7");
  }

  @Test
  void addsWhatItIsToldOfDifferentGateways() throws Exception {
    tell("one", LIMIT, 5);
    tell("two", LIMIT, 6);

    assertThat(used(LIMIT)).isEqualTo("11");
  }

  @Test
  void hearsNothingMoreOfAGatewayThatHasToldAll() throws Exception {
    tell("one", LIMIT, 5);

    assertThat(send("one", true, List.of())).isTrue();

    assertThat(tell("one", LIMIT, 9)).isFalse();
    assertThat(send("one", true, List.of())).isFalse();
    assertThat(tell("two", LIMIT, 6)).isTrue();
    assertThat(used(LIMIT)).isEqualTo("11");
  }

  @Test
  void countsWhatNeedsMoreThanOneDouble() throws Exception {
    long much = 9_000_000_000_000_000_000L;
    tell("one", LIMIT, 1_999_999_999);
    tell("one", LIMIT, 2_000_000_000);
    assertThat(used(LIMIT)).isEqualTo("2000000000");

    tell("one", LIMIT, much);

    assertThat(used(LIMIT)).isEqualTo(String.valueOf(much));
  }

  @Test
  void countsNothingOfAnotherPeriod() throws Exception {
    Span.Calendar day = new Span.Calendar(Span.Period.DAY, ZoneOffset.UTC);
    Limit daily = Limit.hard("key|a/b|credits|day", "key a/b", Unit.CREDITS, day, 1_000);
    long now = System.currentTimeMillis();
    send("one", false, List.of(change(daily, now, 5)));

    send("two", false, List.of(change(daily, now - 172_800_000, 6)));

    assertThat(used(daily)).isEqualTo("5");
  }

  private boolean tell(String gateway, Limit limit, long used) throws Exception {
    return send(gateway, false, List.of(change(limit, System.currentTimeMillis(), used)));
  }

  private Change change(Limit limit, long atMillis, long used) {
    Counter counter = desk.books(books -> books.counters().of(limit, "s1", time.now()));
    return new Change(counter, counter.placeAt(atMillis), 0, used);
  }

  private boolean send(String gateway, boolean all, List<Change> used) throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    desk.add(new Begin(START, gateway, all, used, done));
    return Commands.await(done);
  }

  private String used(Limit limit) throws IOException {
    return redis.ask("HGET", KEYS.counters(EPOCH) + Counter.name(limit, "s1"), "u").strip();
  }
}
