package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader.Reading;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamReader;
import ai.oneflow.gateway.dialect.openai.OpenAiTexts;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.dialect.tokens.TextTokens;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.simulator.recording.Interaction;
import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Recordings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bounds and estimates of tokens against what real providers said of real traffic.
class TokenFiguresIT {
  private static final int OK = 200;
  private static final int SHORT = 30;

  private final List<Case> cases = new ArrayList<>();
  private final TokenCounter counter = new TokenCounter();

  /// One recorded exchange, what was measured of it and what its provider said.
  private record Case(
      String recording,
      Surface surface,
      String body,
      OpenAiRequest request,
      OutputSize written,
      Usage usage) {

    ModelTokens tokens() {
      return ModelTokens.of(request.model(), 0, 0);
    }

    boolean isOfOpenAi() {
      return tokens().preamble() == 0 && surface == Surface.CHAT_COMPLETIONS;
    }

    /// The model searches by itself, in several steps: no bound of its prompts is known.
    boolean searchesByItself() {
      return request.model().startsWith("compound");
    }

    /// Tokens of the answer that the caller was shown.
    long shown() {
      boolean hidden = usage.outputTokens() - usage.reasoningTokens() > written.bytes() / 8;
      return usage.outputTokens() - (hidden ? usage.reasoningTokens() : 0);
    }
  }

  private record Answer(Optional<Usage> usage, OutputSize written) {}

  @AfterEach
  void stop() {
    counter.close();
  }

  @BeforeEach
  void readRecordings() throws IOException {
    Path root = Path.of(System.getProperty("oneflow.shared", ""), "recordings");
    assumeTrue(Files.isDirectory(root), "no recordings: set -Doneflow.shared");
    try (Stream<Path> folders = Files.list(root)) {
      folders
          .filter(Files::isDirectory)
          .sorted()
          .flatMap(folder -> Recordings.loadOpenAi(folder).stream())
          .forEach(this::add);
    }
  }

  private void add(Recording recording) {
    recording.interactions().stream()
        .filter(one -> one.speaksOpenAi() && one.status() == OK)
        .forEach(one -> read(recording.name(), one).ifPresent(cases::add));
  }

  private static Optional<Case> read(String name, Interaction recorded) {
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reader.read(Unpooled.copiedBuffer(recorded.requestBody().text(), UTF_8));
    Answer answer = answer(recorded);
    if (reader.finish() instanceof Reading.Read(var request) && answer.usage().isPresent()) {
      return Optional.of(
          new Case(
              name,
              surface(recorded),
              recorded.requestBody().text(),
              request,
              answer.written(),
              answer.usage().get()));
    }
    return Optional.empty();
  }

  private static Answer answer(Interaction recorded) {
    ByteBuf bytes = Unpooled.copiedBuffer(recorded.responseBody().text(), UTF_8);
    if (recorded.isEventStream()) {
      OpenAiStreamReader reader = new OpenAiStreamReader(true);
      reader.read(bytes);
      return new Answer(reader.usage(), reader.output());
    }
    OpenAiUsageReader reader = new OpenAiUsageReader();
    reader.reset();
    reader.read(bytes);
    return new Answer(reader.usage(), reader.output());
  }

  private static Surface surface(Interaction recorded) {
    return Stream.of(Surface.CHAT_COMPLETIONS, Surface.EMBEDDINGS)
        .filter(surface -> recorded.path().endsWith(surface.path()))
        .findFirst()
        .orElse(Surface.COMPLETIONS);
  }

  @Test
  void noRecordedRequestUsedMoreThanItsBound() {
    assertThat(cases)
        .hasSizeGreaterThan(50)
        .filteredOn(one -> !one.searchesByItself())
        .allSatisfy(
            one -> {
              assertThat(one.usage().inputTokens())
                  .as("prompt of %s", one.recording())
                  .isLessThanOrEqualTo(
                      one.tokens().inputBound(one.surface(), one.request().prompt()));
              assertThat(one.usage().outputTokens())
                  .as("answer of %s", one.recording())
                  .isLessThanOrEqualTo(
                      one.tokens().outputBound(one.surface(), one.request().output()));
            });
  }

  @Test
  void promptsOfOpenAisModelsAreEstimatedWell() {
    List<Double> errors =
        cases.stream()
            .filter(one -> one.isOfOpenAi() && !one.request().prompt().unseen())
            .map(one -> error(guessed(one), one.usage().inputTokens()))
            .sorted()
            .toList();

    assertThat(quantile(errors, 50)).isLessThan(0.15);
    assertThat(quantile(errors, 95)).isLessThan(0.6);
  }

  @Test
  void mostPromptsOfOpenAisModelsAreCountedToTheToken() {
    List<Case> prompts =
        cases.stream().filter(one -> one.isOfOpenAi() && !one.request().prompt().unseen()).toList();

    long counted = prompts.stream().filter(one -> isAlmost(counted(one), one)).count();
    long guessed = prompts.stream().filter(one -> isAlmost(guessed(one), one)).count();

    assertThat(counted).isGreaterThan(prompts.size() * 2L / 3).isGreaterThan(2 * guessed);
  }

  private static boolean isAlmost(long figure, Case one) {
    return Math.abs(figure - one.usage().inputTokens()) <= 1;
  }

  private static long guessed(Case one) {
    return one.tokens().inputEstimate(one.request().prompt());
  }

  private long counted(Case one) {
    TextTokens texts =
        counter
            .count(
                one.tokens().tokenizer().orElseThrow(),
                () -> OpenAiTexts.ofRequest(Unpooled.copiedBuffer(one.body(), UTF_8)))
            .join();
    return one.tokens().inputEstimate(one.request().prompt(), texts);
  }

  @Test
  void answersThatAreNotShortAreEstimatedWell() {
    List<Double> errors =
        cases.stream()
            .filter(one -> one.written().bytes() > 0 && one.shown() >= SHORT)
            .filter(one -> !one.searchesByItself())
            .map(one -> error(one.tokens().outputEstimate(one.written()), one.shown()))
            .sorted()
            .toList();

    assertThat(quantile(errors, 50)).isLessThan(0.2);
    assertThat(quantile(errors, 90)).isLessThan(0.75);
  }

  private static double error(long estimate, long truth) {
    return Math.abs(estimate - truth) / (double) truth;
  }

  private static double quantile(List<Double> sorted, int percent) {
    return sorted.get((sorted.size() - 1) * percent / 100);
  }
}
