package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Interaction;
import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Recordings;
import ai.oneflow.simulator.recording.Splitting;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real traffic of real providers, replayed through the gateway: what reaches the caller is byte
/// for byte what the provider sent, but for the usage event that the caller did not ask for, and
/// the ledger has the provider's figures.
class RecordingsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FOLDERS =
      List.of(
          "openai-wire",
          "openai-chat",
          "embeddings",
          "groq",
          "deepseek",
          "xai",
          "cerebras",
          "openrouter",
          "huggingface",
          "mistral");

  @TempDir Path folder;

  /// One interaction that the gateway has a surface for.
  record Case(String recording, int number, Interaction interaction) {
    @Override
    public String toString() {
      return recording + "#" + number;
    }
  }

  static Stream<Case> cases() {
    Path root = Path.of(System.getProperty("oneflow.shared", ""), "recordings");
    if (!Files.isDirectory(root)) {
      return Stream.of(new Case("no recordings at oneflow.shared", 0, NONE));
    }
    return FOLDERS.stream()
        .map(root::resolve)
        .filter(Files::isDirectory)
        .flatMap(place -> Recordings.loadOpenAi(place).stream())
        .flatMap(RecordingsIT::cases);
  }

  private static final Interaction NONE =
      new Interaction("", URI.create("none"), Body.empty(), 0, Map.of(), Body.empty());

  private static Stream<Case> cases(Recording recording) {
    return recording.interactions().stream()
        .filter(Interaction::speaksOpenAi)
        .map(i -> new Case(recording.name(), recording.interactions().indexOf(i), i));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reachesTheCallerByteForByteAndTheLedgerAsTheProviderSaid(Case replayed) throws IOException {
    assumeTrue(!replayed.interaction().equals(NONE), "no recordings: set -Doneflow.shared");
    Interaction recorded = replayed.interaction();
    for (Splitting splitting : List.of(new Splitting.Events(), new Splitting.EveryByte())) {
      replay(recorded, replayed.recording(), splitting);
    }
  }

  private void replay(Interaction recorded, String name, Splitting splitting) throws IOException {
    String sent = recorded.requestBody().text();
    String model = JSON.readTree(sent).path("model").asText();
    String surface = recorded.path().replaceFirst("^.*?(/chat)?(/[a-z]+)$", "$1$2");
    String base = recorded.path().substring(0, recorded.path().length() - surface.length());
    Path state = Files.createTempDirectory(folder, "gateway");
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        GatewayUnderTest gateway =
            GatewayUnderTest.start(
                state, Configurations.of(provider.baseUrl().resolve(base), List.of(model)))) {
      provider.replay(List.of(new Recording(name, List.of(recorded))), splitting);

      HttpResponse<byte[]> answer = gateway.post("/v1" + surface, sent.getBytes(UTF_8));

      String body = new String(answer.body(), UTF_8);
      if (!isAnswer(recorded)) {
        assertThat(answer.statusCode()).as(body).isEqualTo(502);
        return;
      }
      assertThat(answer.statusCode()).as(body).isEqualTo(recorded.status());
      Expected expected = Expected.of(recorded);
      assertThat(body).isEqualTo(expected.body());
      assertFigures(gateway.lines(1).getFirst(), expected.usage(), recorded);
    }
  }

  /// Of an answer without figures the gateway makes its own.
  private static void assertFigures(
      GatewayUnderTest.Line line, JsonNode usage, Interaction recorded) {
    if (recorded.status() == 200 && !usage.isObject()) {
      assertThat(line.source()).isEqualTo("estimated");
      assertThat(line.input()).isPositive();
    } else {
      assertThat(Figures.of(line)).isEqualTo(Figures.of(usage));
    }
  }

  /// One recording is of a host that answers with neither JSON nor events.
  private static boolean isAnswer(Interaction recorded) {
    String type = recorded.contentType().orElse("");
    return type.startsWith("application/json") || recorded.isEventStream();
  }

  /// The figures of one request, from either side.
  private record Figures(String source, long input, long cached, long output, long reasoning) {
    static Figures of(GatewayUnderTest.Line line) {
      return new Figures(
          line.source(), line.input(), line.cached(), line.output(), line.reasoning());
    }

    static Figures of(JsonNode usage) {
      return new Figures(
          usage.isObject() ? "provider" : "none",
          usage.path("prompt_tokens").asLong(),
          usage.path("prompt_tokens_details").path("cached_tokens").asLong(),
          usage.path("completion_tokens").asLong(),
          usage.path("completion_tokens_details").path("reasoning_tokens").asLong());
    }
  }
}
