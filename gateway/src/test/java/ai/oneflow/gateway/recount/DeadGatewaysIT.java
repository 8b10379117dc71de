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
import ai.oneflow.gateway.quota.redis.Orphans.Death;
import ai.oneflow.gateway.quota.redis.Orphans.Untold;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadGatewaysIT {
  private static final int SEGMENT = 128 << 10;
  private static final int DEATHS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final EventIds ids = new EventIds(new SplittableRandom(1));

  @Test
  void writesOfAllDeathsIntoOneFile() throws IOException {
    LedgerDatabase database = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    JournalSettings settings =
        new JournalSettings(folder.resolve("journal"), "pod-1", SEGMENT, 64L * SEGMENT);
    LimitBook limits = Configurations.compile(Configurations.gateway()).limits();
    try (JournaledLedger ledger =
        JournaledLedger.open(settings, () -> SqlLedger.open(database), InstantSource.system())) {
      ledger.priceLists().keep("v1", () -> "{}"); // for which the database is opened
      DeadGateways dead = new DeadGateways(ledger, new LateCharges(database), () -> limits);
      await()
          .until(
              () ->
                  ledger.statistics().sqlFailures() == 0
                      && folder.resolve("ledger.db").toFile().exists());

      for (int i = 0; i < DEATHS; i++) {
        assertThat(dead.record(death("pod-" + i))).succeedsWithin(PATIENCE);
      }

      await().until(() -> ledger.statistics().written() == DEATHS);
      assertThat(ledger.statistics().journalBytes()).isLessThanOrEqualTo(4L * SEGMENT);
    }
  }

  private Death death(String instance) {
    EventId id = ids.next(Events.NOW);
    Opening opening =
        new Opening(id, Events.ALICE, Events.CHAT, true, new Rates("v1", 7, 3, 5), 100);
    return new Death(
        instance,
        Optional.of(new Untold(Events.NOW, Long.MAX_VALUE)),
        Map.of(id.toString(), new ProgressJson(opening, 10).encode()));
  }
}
