package ai.oneflow.tests.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Money;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every recorded answer that says what was used, read by the gateway in whatever pieces, beside
/// what a table of other people says where to find it and what it costs. Where the two differ the
/// difference stands in `docs/usage.md` with its reason, and nothing else stands there.
final class UsageOfRecordingsIT {
  private static final Path SHARED = Path.of(System.getProperty("oneflow.shared", ""));
  private static final Path PAGE =
      Path.of(System.getProperty("oneflow.root", "..")).resolve("docs/usage.md");

  /// A moment at which the table was true.
  private static final Instant THEN = Instant.parse("2026-08-21T12:00:00Z");

  /// Answers up to this size are cut in two at every byte.
  private static final int SMALL_BYTES = 2048;

  private static List<RecordedAnswer> answers = List.of();
  private static Optional<PriceTable> table = Optional.empty();

  @BeforeAll
  static void load() {
    Path recordings = SHARED.resolve("recordings");
    Path prices = SHARED.resolve("prices").resolve("data.json");
    assumeTrue(
        Files.isDirectory(recordings) && Files.exists(prices),
        "no recordings and prices: set -Doneflow.shared");
    answers = RecordedAnswers.in(recordings);
    table = Optional.of(PriceTable.read(prices));
  }

  @Test
  void readsTheSameInWhateverPiecesTheBytesCome() {
    for (RecordedAnswer answer : answers) {
      Optional<Usage> whole = read(answer, List.of(answer.body().size()));
      for (List<Integer> pieces : cuts(answer)) {
        assertThat(read(answer, pieces)).as("%s cut at %s", answer, pieces).isEqualTo(whole);
      }
    }
  }

  @Test
  void readsAndChargesWhatTheTableSaysButForWhatThePageLists() throws IOException {
    List<Finding> findings = answers.stream().map(this::find).toList();

    List<String> rows =
        findings.stream().filter(Finding::disagrees).map(Finding::row).sorted().toList();
    rows.forEach(System.out::println);
    System.out.println(summary(findings));
    assertThat(DisagreementPage.rows(PAGE)).isEqualTo(rows);
    assertThat(Files.readString(PAGE)).contains(summary(findings));
  }

  private static String summary(List<Finding> findings) {
    return ("%d recorded answers with usage, %d read, %d with an extractor of the table, of these %d"
            + " with a price; %d disagree.")
        .formatted(
            findings.size(),
            findings.stream().filter(one -> one.read().isPresent()).count(),
            findings.stream().filter(Finding::witnessed).count(),
            findings.stream().filter(one -> one.witnessed() && one.priced()).count(),
            findings.stream().filter(Finding::disagrees).count());
  }

  private Finding find(RecordedAnswer answer) {
    PriceTable prices = table.orElseThrow();
    Optional<Usage> used = read(answer, List.of(answer.body().size()));
    Optional<JsonNode> provider = prices.providerAt(answer.url());
    Optional<JsonNode> own =
        provider.flatMap(one -> PriceTable.extractor(one, answer.flavour(), "default"));
    JsonNode extractor =
        own.or(() -> PriceTable.extractor(prices.provider("openai"), answer.flavour(), "chat"))
            .orElseThrow();
    Optional<Tokens> expected = new Extraction(extractor).ofLast(answer.texts());
    Optional<ModelPrices> costs =
        provider
            .flatMap(one -> prices.model(one, answer.modelName()))
            .map(model -> new ModelPrices(model.path("prices")));
    return new Finding(
        answer.name(),
        used.map(Tokens::of),
        expected,
        costs.flatMap(ModelPrices::book).flatMap(book -> used.map(usage -> charge(book, usage))),
        costs.flatMap(one -> expected.map(figures -> one.cost(figures, THEN))),
        own.isPresent());
  }

  private static BigDecimal charge(PriceBook book, Usage used) {
    Charge charge = book.charge(used, THEN.toEpochMilli());
    return charge instanceof Charge.Priced(Money amount, _)
        ? BigDecimal.valueOf(amount.picoDollars())
        : BigDecimal.ONE.negate();
  }

  private static Optional<Usage> read(RecordedAnswer answer, List<Integer> pieces) {
    Optional<UsageReader> reader =
        answer
            .dialect()
            .map(
                dialect ->
                    answer.form() == RecordedAnswer.Form.TEXT ? dialect.text() : dialect.stream());
    ByteBuf bytes = Unpooled.directBuffer(answer.body().size()).writeBytes(answer.body().bytes());
    try {
      reader.ifPresent(one -> pieces.forEach(length -> one.read(bytes.readSlice(length))));
      return reader.flatMap(UsageReader::usage);
    } finally {
      bytes.release();
    }
  }

  /// Lengths of pieces: two for small answers, and random ones for all.
  private static List<List<Integer>> cuts(RecordedAnswer answer) {
    int size = answer.body().size();
    List<List<Integer>> cuts = new ArrayList<>();
    for (int at = 1; at < size && size <= SMALL_BYTES; at++) {
      cuts.add(List.of(at, size - at));
    }
    for (int seed = 0; seed < 4; seed++) {
      cuts.add(random(size, new Random(seed), seed % 2 == 0 ? 16 : 1500));
    }
    return cuts;
  }

  private static List<Integer> random(int size, Random random, int most) {
    List<Integer> pieces = new ArrayList<>();
    int left = size;
    while (left > 0) {
      int piece = Math.min(left, random.nextInt(1, most + 1));
      pieces.add(piece);
      left -= piece;
    }
    return pieces;
  }
}
