package ai.oneflow.bench.jmh;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What an event loop pays for the journal, a request: its event alone, or noted as open before, or
/// with its progress noted a hundred times too. The database takes all and does nothing. A batch
/// fits into the files that are made ahead, and begins when the writer has nothing left to do.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 40, batchSize = JournalBenchmark.BATCH)
@Measurement(iterations = 40, batchSize = JournalBenchmark.BATCH)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class JournalBenchmark {
  static final int BATCH = 30_000;
  private static final int CHUNKS = 100;
  private static final Caller CALLER = new Caller("ai", "search-key", "alice", "search");
  private static final Destination CHAT =
      new Destination("chat.completions", "smart", "ai", "openai", "gpt-4o");
  private static final Rates RATES = new Rates("0123456789abcdef", 0, 2_500_000, 10_000_000);
  private static final Ending ENDING = new Ending(Outcome.COMPLETED, 200, true, 1_500_000);
  private static final Usage USAGE = new Usage(200, 0, 0, 0, 0, 100, 0, 0);
  private static final Cost COST =
      new Cost(ChargeState.PRICED, 1_500_000_000, RATES.priceVersion());

  private final Path folder = temporary();
  private final JournaledLedger ledger = open(folder);

  @Setup(Level.Iteration)
  public void awaitIdle() {
    while (ledger.statistics().backlogBytes() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    LockSupport.parkNanos(50_000_000); // the keeper makes files ahead
  }

  @TearDown
  public void close() throws IOException {
    ledger.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Benchmark
  public boolean eventAlone() {
    return ledger.record(event(ledger.nextId(System.currentTimeMillis())));
  }

  @Benchmark
  public boolean openedAndEnded() {
    EventId id = ledger.nextId(System.currentTimeMillis());
    Opened opened = ledger.open(new Opening(id, CALLER, CHAT, true, RATES, 200));
    return opened.end(event(id));
  }

  @Benchmark
  public boolean openedAndEndedWithProgress() {
    EventId id = ledger.nextId(System.currentTimeMillis());
    Opened opened = ledger.open(new Opening(id, CALLER, CHAT, true, RATES, 200));
    for (int i = 1; i <= CHUNKS; i++) {
      opened.progress(i);
    }
    return opened.end(event(id));
  }

  private static UsageEvent event(EventId id) {
    return new UsageEvent(id, CALLER, CHAT, ENDING, USAGE, UsageSource.PROVIDER, COST);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("oneflow-journal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JournaledLedger open(Path folder) {
    try {
      return JournaledLedger.open(
          JournalSettings.of(folder, "bench"), TakesAll::new, InstantSource.system());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class TakesAll implements EventStore {
    @Override
    public int add(String gateway, List<UsageEvent> events) {
      return events.size();
    }

    @Override
    public void addPriceLists(Map<String, String> contents, long nowMillis) {}

    @Override
    public Set<EventId> known(Collection<EventId> ids) {
      return Set.of();
    }

    @Override
    public void close() {}
  }
}
