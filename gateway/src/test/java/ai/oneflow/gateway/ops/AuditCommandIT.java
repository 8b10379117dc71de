package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.Tier;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import ai.oneflow.snapshot.SnapshotCodec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandIT {
  private static final PriceList LIST = list();
  private static final PriceBook BOOK = PriceBook.of(List.of(LIST));

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(5);
  private final EventIds ids = new EventIds(random.split());
  private final List<UsageEvent> events = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void findsNothingWhereAllWasChargedByItsList() throws SQLException {
    for (int i = 0; i < 2_000; i++) {
      events.add(charged(anyUsage(), i % 7 == 0));
    }
    events.add(diedAfterTheProviderSaidMoreThanWasEstimated());
    events.add(withoutFigures());

    assertThat(audit("--output", "text")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            "2002 events: 2002 as recomputed, 0 differ, 0 unpriced, 0 clamped, 0 overflowed\n");
  }

  @Test
  void namesEachChargeThatIsNotWhatItsListSays() throws SQLException {
    UsageEvent right = charged(new Usage(10, 0, 0, 0, 0, 20, 0, 0), false);
    UsageEvent wrong = with(right, new Cost(ChargeState.PRICED, 1, LIST.version()));
    UsageEvent free = with(right, Cost.UNPRICED);
    events.add(right);
    events.add(wrong);

    assertThat(audit()).isEqualTo(1);

    assertThat(out.toString())
        .contains(
            wrong.id()
                + " charged 1 pico-dollars (priced), by price list "
                + LIST.version()
                + " it is "
                + right.cost().picoDollars()
                + " (priced)")
        .endsWith("2 events: 1 as recomputed, 1 differ, 0 unpriced, 0 clamped, 0 overflowed\n");

    events.clear();
    events.add(free);
    assertThat(audit("--since", "2020-01-01")).isEqualTo(1);
  }

  @Test
  void whatWasServedWithoutPriceIsAcceptedWhereThatIsSaid() throws SQLException {
    events.add(with(charged(new Usage(1, 0, 0, 0, 0, 1, 0, 0), false), Cost.UNPRICED));
    UsageEvent absurd = charged(new Usage(Long.MAX_VALUE, 0, 0, 0, 0, 1, 0, 0), false);
    assertThat(absurd.cost().state()).isEqualTo(ChargeState.OVERFLOWED);
    events.add(absurd);

    assertThat(audit()).isEqualTo(1);
    assertThat(audit("--accept", "unpriced")).isEqualTo(1);
    assertThat(audit("--accept", "unpriced,overflowed")).isZero();
    assertThat(audit("--accept", "everything")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--accept takes one of [unpriced, overflowed]");
  }

  @Test
  void aListThatIsMissingOrAlteredIsSaidInJson() throws SQLException {
    UsageEvent right = charged(new Usage(10, 0, 0, 0, 0, 20, 0, 0), false);
    events.add(with(right, new Cost(ChargeState.PRICED, 1, "0123456789abcdef")));
    events.add(right);
    PriceList cheaper =
        new PriceList(LIST.version(), LIST.validFrom(), LIST.tokens(), LIST.units(), 1, List.of());

    assertThat(audit(Map.of(LIST.version(), encoded(cheaper)), "--output", "json")).isEqualTo(1);

    assertThat(out.toString().replaceAll("\\s", ""))
        .isEqualTo(
            """
            {"differences":[],"missingPriceLists":{"0123456789abcdef":1},
            "alteredPriceLists":{"%s":1},"events":2,"agreeing":0,"differing":0,
            "unpriced":0,"clamped":0,"overflowed":0}"""
                .formatted(LIST.version())
                .replaceAll("\\s", ""));
  }

  @Test
  void saysThatThereIsNoLedger() {
    CommandLine command = command();

    assertThat(command.execute("--ledger", "jdbc:sqlite:" + folder.resolve("none.db")))
        .isEqualTo(69);
    assertThat(err.toString()).startsWith("the ledger cannot be read: there is no ledger at ");
  }

  private int audit(String... arguments) throws SQLException {
    return audit(Map.of(LIST.version(), encoded(LIST)), arguments);
  }

  private int audit(Map<String, String> lists, String... arguments) throws SQLException {
    LedgerDatabase database =
        LedgerDatabase.sqlite(folder.resolve("ledger-" + random.nextLong() + ".db"));
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.addPriceLists(lists, 1);
      ledger.add("pod-1", events);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--ledger", database.url()));
    return command().execute(all.toArray(String[]::new));
  }

  private CommandLine command() {
    return new CommandLine(new AuditCommand(InstantSource.system()))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  private UsageEvent charged(Usage usage, boolean batch) {
    Cost cost =
        Meter.cost(batch ? BOOK.chargeBatch(usage, Events.NOW) : BOOK.charge(usage, Events.NOW));
    return new UsageEvent(
        ids.next(Events.NOW),
        Events.ALICE,
        Events.CHAT,
        Events.COMPLETED,
        usage,
        UsageSource.PROVIDER,
        cost,
        batch,
        List.of());
  }

  /// Beyond the edge of a tier, while its prices were fixed before.
  private UsageEvent diedAfterTheProviderSaidMoreThanWasEstimated() {
    EventId id = ids.next(Events.NOW);
    return new Opening(id, Events.BOB, Events.CHAT, true, BOOK.rates(90, Events.NOW), 90)
        .cutShort(150, 12);
  }

  private UsageEvent withoutFigures() {
    return new UsageEvent(
        ids.next(Events.NOW),
        Events.ALICE,
        Events.CHAT,
        Events.COMPLETED,
        Usage.NONE,
        UsageSource.NONE,
        new Cost(ChargeState.PRICED, 0, LIST.version()));
  }

  private UsageEvent with(UsageEvent event, Cost cost) {
    return new UsageEvent(
        ids.next(Events.NOW),
        event.caller(),
        event.destination(),
        event.ending(),
        event.usage(),
        event.usageSource(),
        cost);
  }

  private Usage anyUsage() {
    long input = random.nextLong(300);
    long output = random.nextLong(300);
    return new Usage(
        input,
        input / 3,
        input / 5,
        0,
        input / 7,
        output,
        output / 2,
        output / 9,
        random.nextLong(4),
        random.nextLong(1_000),
        random.nextLong(10_000));
  }

  private static PriceList list() {
    TokenPrices plain = new TokenPrices(3, 1, 4, 6, 15, 16, 17, 18);
    TokenPrices dear = new TokenPrices(7, 2, 8, 12, 30, 32, 34, 36);
    PriceList unnamed =
        new PriceList(
            "-",
            Instant.parse("2025-01-01T00:00:00Z"),
            plain,
            new UnitPrices(5, 40_000, 15, 6_001),
            50,
            List.of(new Tier(100, dear)));
    return new PriceList(
        SnapshotCodec.versionOf(unnamed),
        unnamed.validFrom(),
        unnamed.tokens(),
        unnamed.units(),
        unnamed.batchPercent(),
        unnamed.tiers());
  }

  private static String encoded(PriceList list) {
    return new String(SnapshotCodec.encode(list), StandardCharsets.UTF_8);
  }
}
