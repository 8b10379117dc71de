package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.Events;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CreditsCommandIT {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void topsUpOnceForAReferenceAndShowsWhatIsLeft() {
    List<String> topUp = List.of("top-up", "--key", "ai/a", "--amount", "50.00", "--reference");

    assertThat(run(topUp, "invoice 7")).isZero();
    assertThat(run(topUp, "invoice 7")).isZero();
    assertThat(run(topUp, "invoice 8", "--unit", "credits", "--comment", "a gift")).isZero();
    assertThat(run(topUp, "invoice 7", "--unit", "Credits")).isEqualTo(1);
    assertThat(run(List.of("balance", "--key", "ai/a"))).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            topped up: ai/a +5000.00 credits, reference invoice 7, 2026-01-01T00:00:00.123Z
            already there: ai/a +5000.00 credits, reference invoice 7, 2026-01-01T00:00:00.123Z
            topped up: ai/a +50.00 credits, reference invoice 8, 2026-01-01T00:00:00.123Z
            ai/a has 5050.00 credits left: 5050.00 topped up, 0.00 spent
            """);
    assertThat(err.toString()).startsWith("this reference has another amount already: ai/a +5000");
  }

  @Test
  void listsTopUps() {
    run(List.of("top-up", "--key", "ai/a", "--amount", "0.01", "--reference", "7"));
    out.getBuffer().setLength(0);

    assertThat(run(List.of("list", "--key", "ai/a"))).isZero();

    assertThat(out.toString())
        .contains("\"balance\" : \"1.00\"", "\"reference\" : \"7\"", "\"credits\" : \"1.00\"");
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(run(List.of("top-up", "--key", "a", "--amount", "1", "--reference", "7")))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("write a key as namespace/name, not a");
    assertThat(run(List.of("balance", "--key", "ai/a"))).isEqualTo(69);
    assertThat(err.toString()).contains("there is no ledger at ");
  }

  private int run(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    all.addAll(List.of("--ledger", "jdbc:sqlite:" + folder.resolve("ledger.db")));
    Instant now = Instant.ofEpochMilli(Events.NOW);
    return new CommandLine(new CreditsCommand(InstantSource.fixed(now)))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
