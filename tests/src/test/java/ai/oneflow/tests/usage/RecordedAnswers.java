package ai.oneflow.tests.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Interaction;
import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Recordings;
import ai.oneflow.tests.usage.RecordedAnswer.Form;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Every recorded answer that says what was used, whatever it came by: HTTP, WebSocket (each
/// message is an answer), or gRPC (as the JSON of its messages, a stream's as events).
final class RecordedAnswers {
  private static final JsonMapper JSON = new JsonMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int OK = 200;
  private static final Pattern MODEL_OF_AN_ADDRESS = Pattern.compile("/models?/([^/:]+(%3A\\d)?)");

  private RecordedAnswers() {}

  static List<RecordedAnswer> in(Path root) {
    Stream<RecordedAnswer> http =
        Recordings.load(root).stream().flatMap(recording -> http(recording).stream());
    return Stream.of(http, in(root, "openai-realtime"), in(root, "xai"))
        .flatMap(answers -> answers)
        .filter(RecordedAnswer::hasUsage)
        .toList();
  }

  private static List<RecordedAnswer> http(Recording recording) {
    List<RecordedAnswer> answers = new ArrayList<>();
    for (int i = 0; i < recording.interactions().size(); i++) {
      Interaction one = recording.interactions().get(i);
      if (one.status() == OK) {
        answers.add(
            new RecordedAnswer(
                recording.name() + "#" + i,
                one.uri().toString(),
                model(one),
                form(one),
                one.responseBody()));
      }
    }
    return answers;
  }

  private static Form form(Interaction one) {
    if (one.contentType().orElse("").contains("amazon.eventstream")) {
      return Form.FRAMES;
    }
    return one.isEventStream() ? Form.EVENTS : Form.TEXT;
  }

  private static String model(Interaction one) {
    Matcher address = MODEL_OF_AN_ADDRESS.matcher(one.uri().toString());
    if (address.find()) {
      return URLDecoder.decode(address.group(1), UTF_8);
    }
    try {
      return JSON.readTree(one.requestBody().text()).path("model").asText();
    } catch (IOException noJson) {
      return "";
    }
  }

  private static Stream<RecordedAnswer> in(Path root, String folder) {
    List<RecordedAnswer> answers = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      for (Path file : files.sorted().toList()) {
        String name = folder + "/" + file.getFileName().toString().replaceFirst("\\.yaml$", "");
        JsonNode interactions = YAML.readTree(file.toFile()).path("interactions");
        for (int i = 0; i < interactions.size(); i++) {
          answers.addAll(other(name + "#" + i, interactions.get(i)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the recordings in " + folder, e);
    }
    return answers.stream();
  }

  private static List<RecordedAnswer> other(String name, JsonNode one) throws IOException {
    String realtime = "https://api.openai.com/v1/realtime";
    String grpc = "https://api.x.ai/grpc";
    if (one.path("direction").asText().equals("received")) {
      Body message = Body.of(JSON.writeValueAsBytes(one.path("data")));
      return List.of(new RecordedAnswer(name, realtime, "", Form.TEXT, message));
    }
    if (one.has("response_sample")) {
      Body message = Body.of(JSON.writeValueAsBytes(one.path("response_sample").path("json")));
      return List.of(new RecordedAnswer(name, grpc, "", Form.TEXT, message));
    }
    StringBuilder events = new StringBuilder();
    for (JsonNode message : one.path("response_stream").path("chunks_json")) {
      String text = JSON.writeValueAsString(message.path("chunk"));
      events.append("data: ").append(text).append("\n\n");
    }
    Body stream = Body.ofText(events.toString());
    return List.of(new RecordedAnswer(name, grpc, "", Form.EVENTS, stream));
  }
}
