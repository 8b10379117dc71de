package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UsageCommandIT {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Instant now = Instant.ofEpochMilli(Events.NOW).plusSeconds(3_600);
  private final CommandLine command =
      new CommandLine(new UsageCommand(InstantSource.fixed(now)))
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err));

  @BeforeEach
  void fill() throws SQLException {
    try (SqlLedger ledger = SqlLedger.open(LedgerDatabase.sqlite(file()))) {
      ledger.add("pod-1", new Events(1).many(4));
    }
  }

  @Test
  void showsATableWithItsTotal() {
    assertThat(run("--by", "user")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            USER             REQUESTS   INPUT   OUTPUT     CREDITS   NOT PRICED
            alice                   2       6       12   0.0000006            0
            bob, "the" Bär          2       4        8   0.0000004            0
            total                   4      10       20    0.000001            0
            """);
  }

  @Test
  void showsJson() {
    assertThat(run("--by", "project", "--output", "json")).isZero();

    assertThat(out.toString().replaceAll("\\s", ""))
        .isEqualTo(
            """
            {"by":"project","rows":[
            {"project":"","requests":2,"inputTokens":4,"outputTokens":8,"credits":"0.0000004","notPriced":0},
            {"project":"search","requests":2,"inputTokens":6,"outputTokens":12,"credits":"0.0000006","notPriced":0}],
            "total":{"requests":4,"inputTokens":10,"outputTokens":20,"credits":"0.000001","notPriced":0}}"""
                .replaceAll("\\s", ""));
  }

  @Test
  void showsCsvWithQuotesWhereTheyAreNeeded() {
    assertThat(run("--by", "USER", "--output", "csv")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            user,requests,input_tokens,output_tokens,credits,not_priced
            alice,2,6,12,0.0000006,0
            "bob, ""the"" Bär",2,4,8,0.0000004,0
            """);
  }

  @Test
  void sumsUpBySeveralGroupsAtOnce() {
    assertThat(run("--by", "model,user")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            MODEL   USER             REQUESTS   INPUT   OUTPUT     CREDITS   NOT PRICED
            embed   bob, "the" Bär          1       3        6   0.0000003            0
            smart   alice                   2       6       12   0.0000006            0
            smart   bob, "the" Bär          1       1        2   0.0000001            0
            total                           4      10       20    0.000001            0
            """);
  }

  /// The events are of the first moments of a year in UTC.
  @Test
  void daysAreThoseOfTheTimeZone() {
    assertThat(run("--by", "day", "--time-zone", "America/New_York", "--output", "csv")).isZero();
    assertThat(run("--since", "2026-01-01", "--time-zone", "America/New_York", "--output", "csv"))
        .isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            day,requests,input_tokens,output_tokens,credits,not_priced
            2025-12-31,4,10,20,0.000001,0
            project,requests,input_tokens,output_tokens,credits,not_priced
            """);
  }

  @Test
  void countsOnlySinceThen() {
    assertThat(run("--since", "30m", "--output", "csv")).isZero();
    assertThat(out.toString().lines()).hasSize(1);

    assertThat(run("--since", "2h", "--output", "csv")).isZero();
    assertThat(out.toString().lines()).hasSize(4);
  }

  @Test
  void aTimeBeyondAllReasonIsRefusedLikeAnyOther() {
    assertThat(run("--since", "+999999999-01-01")).isEqualTo(2);

    assertThat(err.toString()).startsWith("write a time as ").doesNotContain("\tat ");
  }

  @Test
  void saysWhatIsWrongWithATime() {
    assertThat(run("--since", "yesterday")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("write a time as 2026-01-31, 2026-01-31T12:00:00Z, 24h or 7d, not yesterday");
  }

  @Test
  void saysWhatItCanSumUpBy() {
    assertThat(run("--by", "colour")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("--by takes one of [project, key, user, provider, model, day], not colour");
  }

  @Test
  void saysThatThereIsNoLedger() {
    int code = command.execute("--ledger", "jdbc:sqlite:" + folder.resolve("none.db"));

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("the ledger cannot be read: there is no ledger at ");
  }

  @Test
  void refusesAUrlOfAnotherDatabaseWithoutRepeatingIt() {
    assertThat(command.execute("--ledger", "jdbc:oracle:" + "user/word@host")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("a ledger's URL must begin with jdbc:sqlite: or jdbc:postgresql:")
        .doesNotContain("word@host");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--ledger";
    all[arguments.length + 1] = "jdbc:sqlite:" + file();
    return command.execute(all);
  }

  private Path file() {
    return folder.resolve("ledger.db");
  }
}
