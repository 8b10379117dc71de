package ai.oneflow.gateway.ledger.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.Rows;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway is killed (SIGKILL) three times while hundreds of requests are on their way, many of
/// them to another provider than at first.
class KilledInMidStreamIT {
  private static final int ROUNDS = 3;
  private static final int STEPS_BEFORE_THE_KILL = 60_000;
  private static final long APART = 1_000_000_000;
  private static final String[] NO_ROW = {};
  private static final int MODEL = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Outcome, status and whose figures.
  private static final List<String> ENDED = List.of("completed", "200", "provider");

  private static final List<String> CUT_SHORT = List.of("gateway_failed", "0", "estimated");

  @TempDir Path folder;
  private final List<UsageEvent> told = new CopyOnWriteArrayList<>();

  /// What the process said last of a request.
  private record Said(boolean ended, int redirects, long tokens) {
    String model() {
      return redirects % 2 == 0 ? Events.CHAT.publicModel() : Events.EMBEDDINGS.publicModel();
    }
  }

  @Test
  void everyRequestIsChargedOnceByItsEndOrByItsLastProgress() throws IOException, SQLException {
    LedgerDatabase database = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    Map<Long, Said> said = new HashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      streamAndKill(round, said);
    }

    carryOn(database);

    List<String> rows =
        Rows.column(
            database,
            "SELECT input_tokens || ' ' || output_tokens || ' ' || outcome || ' ' || pico_dollars"
                + " || ' ' || http_status || ' ' || usage_source || ' ' || public_model FROM usage");
    Map<Long, String[]> byNumber = new HashMap<>();
    rows.forEach(
        row -> byNumber.put(Long.parseLong(row.split(" ", 2)[0]), row.split(" ", MODEL + 1)));
    assertThat(byNumber).hasSameSizeAs(rows);
    said.forEach((number, last) -> assertCharged(byNumber.getOrDefault(number, NO_ROW), last));
    assertThat(said.entrySet())
        .filteredOn(
            each ->
                !byNumber.getOrDefault(each.getKey(), NO_ROW)[MODEL].equals(
                    each.getValue().model()))
        .hasSizeLessThanOrEqualTo(ROUNDS);
    assertThat(said.entrySet())
        .as("those that have an end in the ledger which was not said")
        .filteredOn(
            each ->
                !each.getValue().ended
                    && byNumber.getOrDefault(each.getKey(), NO_ROW)[2].equals("completed"))
        .hasSizeLessThanOrEqualTo(ROUNDS);
    assertThat(said.values()).filteredOn(last -> last.redirects > 1).hasSizeGreaterThan(ROUNDS);
    assertThat(rows.size()).isBetween(said.size(), said.size() + ROUNDS);
    assertThat(said.values()).filteredOn(last -> !last.ended).hasSizeGreaterThan(ROUNDS * 200);
  }

  /// What was done and not yet said when the process died may be there too: one step a round.
  private static void assertCharged(String[] row, Said last) {
    assertThat(row).isNotEqualTo(NO_ROW);
    long tokens = Long.parseLong(row[1]);
    assertThat(Long.parseLong(row[3]))
        .isEqualTo(Openings.RATES.cost(Long.parseLong(row[0]), tokens).picoDollars());
    List<String> ending = List.of(row[2], row[4], row[5]);
    assertThat(ending).isIn(ENDED, CUT_SHORT);
    if (last.ended) {
      assertThat(row[2]).isEqualTo("completed");
      assertThat(tokens).isEqualTo(last.tokens);
      assertThat(row[MODEL]).isEqualTo(last.model());
    } else if (row[MODEL].equals(last.model())) {
      assertThat(tokens).isBetween(last.tokens, last.tokens + 1);
    } else {
      assertThat(tokens).isZero(); // redirected, and not yet said
    }
  }

  private void streamAndKill(int round, Map<Long, Said> said) throws IOException {
    Process process = start(round);
    try (BufferedReader output = process.inputReader(US_ASCII)) {
      for (int i = 0; i < STEPS_BEFORE_THE_KILL; i++) {
        hear(output.readLine(), said);
      }
      process.toHandle().destroyForcibly(); // unlike the process itself, this leaves the pipe open
      output.lines().filter(line -> line.endsWith(".")).forEach(line -> hear(line, said));
    }
    process.onExit().join();
  }

  private static void hear(String line, Map<Long, Said> said) {
    String[] words = line.substring(0, line.length() - 1).split(" ", 3);
    long number = Long.parseLong(words[1]);
    Said before = said.getOrDefault(number, new Said(false, 0, 0));
    int redirects = before.redirects + (words[0].equals("redirect") ? 1 : 0);
    said.put(number, new Said(words[0].equals("end"), redirects, Long.parseLong(words[2])));
  }

  private void carryOn(LedgerDatabase database) throws IOException {
    JournalSettings settings = RecordingProcess.settings(folder.resolve("journal"));
    JournaledLedger ledger =
        JournaledLedger.open(
            settings, () -> SqlLedger.open(database), InstantSource.system(), told::add);
    ledger.close(PATIENCE);
    assertThat(ledger.statistics().backlogBytes()).isZero();
    assertThat(ledger.statistics().recovered()).isEqualTo(told.size());
  }

  private Process start(int round) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            OpeningProcess.class.getName(),
            folder.resolve("journal").toString(),
            folder.resolve("ledger.db").toString(),
            String.valueOf(round * APART),
            String.valueOf(round))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
