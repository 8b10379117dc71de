package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Interaction;
import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Recordings;
import ai.oneflow.simulator.recording.Splitting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReplayIT {
  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    client.close();
    simulator.close();
  }

  @Test
  void playsEveryRecordingByteForByteInEverySplitting() throws Exception {
    Path recordings = Path.of(System.getProperty("oneflow.shared", "nowhere"), "recordings");
    assumeTrue(Files.isDirectory(recordings), "no recordings at " + recordings);
    int played = 0;
    for (Recording recording : Recordings.loadOpenAi(recordings)) {
      for (Splitting splitting :
          List.of(new Splitting.Whole(), new Splitting.Events(), new Splitting.Random64(played))) {
        simulator.replay(List.of(recording), splitting);
        played += play(recording);
      }
    }
    assertThat(played).isGreaterThan(200);
  }

  @Test
  void choosesByBodyAmongSeveralAndForgivesStreamOptions() throws Exception {
    simulator.replay(
        List.of(
            new Recording("two", List.of(one("{\"a\":1}", "first"), one("{\"a\":2}", "second")))),
        new Splitting.Events());
    assertThat(post("{ \"a\": 2, \"stream_options\": {\"include_usage\": true}}").body())
        .isEqualTo("second");
    HttpResponse<String> unknown = post("{\"a\":3}");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("2 have this method and path, none this JSON body");
  }

  @Test
  void servesEqualOnesInRecordedOrderAndThenTheLastAgain() throws Exception {
    simulator.replay(
        List.of(new Recording("same", List.of(one("{}", "first"), one("{}", "second")))),
        new Splitting.EveryByte());
    assertThat(List.of(post("{}").body(), post("{}").body(), post("{}").body()))
        .containsExactly("first", "second", "second");
  }

  private int play(Recording recording) throws Exception {
    for (Interaction recorded : recording.interactions()) {
      HttpResponse<byte[]> answer =
          client.send(
              request(recorded.path(), recorded.requestBody()),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).as(recording.name()).isEqualTo(recorded.status());
      assertThat(Body.of(answer.body())).as(recording.name()).isEqualTo(recorded.responseBody());
      assertThat(answer.headers().firstValue("content-type")).isEqualTo(recorded.contentType());
    }
    return recording.interactions().size();
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(request("/x", Body.ofText(body)), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, Body body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes()))
        .build();
  }

  private static Interaction one(String request, String response) {
    return new Interaction(
        "POST",
        URI.create("https://api.example.com/x"),
        Body.ofText(request),
        200,
        Map.of("Content-Type", List.of("application/json")),
        Body.ofText(response));
  }
}
