package ai.oneflow.gateway.recount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.redis.Orphans.Death;
import ai.oneflow.gateway.quota.redis.Orphans.Untold;
import ai.oneflow.gateway.quota.redis.Orphans.Used;
import ai.oneflow.snapshot.RateLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one gateway, `pod-1`, records and counts of others that died.
class DeadGatewaysIT {
  private static final int SEGMENT = 128 << 10;
  private static final int DEATHS = 12;
  private static final int STREAMS = 2_500;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Optional<Untold> UNTOLD =
      Optional.of(new Untold(Events.NOW, Long.MAX_VALUE));

  @TempDir Path folder;
  private final EventIds ids = new EventIds(new SplittableRandom(1));
  private JournaledLedger ledger;
  private DeadGateways dead;

  @BeforeEach
  void start() throws IOException {
    LedgerDatabase database = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    JournalSettings settings =
        new JournalSettings(folder.resolve("journal"), "pod-1", SEGMENT, 64L * SEGMENT);
    RateLimit aDay = new RateLimit(1_000_000, Duration.ofDays(1));
    LimitBook limits =
        Configurations.compile(
                Configurations.gateway(List.of(aDay)),
                Configurations.keyEntry(Events.ALICE.keyName(), Instant.MAX, "key"))
            .limits();
    ledger = JournaledLedger.open(settings, () -> SqlLedger.open(database), InstantSource.system());
    ledger.priceLists().keep("v1", () -> "{}"); // for which the database is opened
    dead = new DeadGateways(ledger, new LateCharges(database), () -> limits);
    await()
        .until(
            () ->
                ledger.statistics().sqlFailures() == 0
                    && folder.resolve("ledger.db").toFile().exists());
  }

  @AfterEach
  void stop() throws IOException {
    ledger.close();
  }

  @Test
  void writesOfAllDeathsIntoOneFile() {
    for (int i = 0; i < DEATHS; i++) {
      assertThat(dead.record(death("pod-" + (2 + i), UNTOLD, 1))).succeedsWithin(PATIENCE);
    }

    await().until(() -> ledger.statistics().written() == DEATHS);
    assertThat(ledger.statistics().journalBytes()).isLessThanOrEqualTo(4L * SEGMENT);
  }

  /// Who recorded it may have died before Redis was told.
  @Test
  void countsWhatIsRecordedAndCountedByNobody() {
    Death death = death("pod-2", UNTOLD, STREAMS);

    assertThat(requests(death)).isEqualTo(STREAMS);
    assertThat(requests(death)).as("by the next one that is at it").isEqualTo(STREAMS);
    assertThat(requests(new Death("pod-2", Optional.empty(), death.checkpoints())))
        .as("in counters that were made out of the ledger since")
        .isZero();
    assertThat(ledger.statistics().written()).isEqualTo(STREAMS);
  }

  @Test
  void leavesAloneWhatTheJournalOfTheDeadOneBrought() {
    Death death = death("pod-1", UNTOLD, 3);

    assertThat(requests(death)).isEqualTo(3);
    assertThat(requests(death)).as("it was counted when it was found there").isZero();
  }

  private long requests(Death death) {
    return dead.record(death).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join().stream()
        .filter(used -> used.limit().unit() == Unit.REQUESTS)
        .mapToLong(Used::amount)
        .sum();
  }

  private Death death(String instance, Optional<Untold> untold, int requests) {
    Map<String, byte[]> checkpoints = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      EventId id = ids.next(Events.NOW);
      Opening opening =
          new Opening(id, Events.ALICE, Events.CHAT, true, new Rates("v1", 7, 3, 5), 100);
      checkpoints.put(id.toString(), new ProgressJson(opening, 10).encode());
    }
    return new Death(instance, untold, checkpoints);
  }
}
