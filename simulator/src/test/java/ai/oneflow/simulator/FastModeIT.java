package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FastModeIT {
  private static final String CHAT = "/v1/chat/completions";

  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults().withFast(true));
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void answersAboutOneKilobyteOfOpenAiJson() throws Exception {
    String body = caller.post(CHAT, Caller.chatBody("Hi", "")).body();
    assertThat(body).hasSizeBetween(1000, 1300);
    assertThat(Caller.json(body).at("/usage/completion_tokens").asInt()).isEqualTo(100);
  }

  @Test
  void streamsAHundredDeltasAndUsageWhereAsked() throws Exception {
    List<String> plain = stream("");
    assertThat(plain.stream().filter(event -> event.contains("\"content\":\"")).count())
        .isEqualTo(101);
    assertThat(plain.getLast()).isEqualTo("[DONE]");
    List<String> counted = stream(",\"stream_options\":{\"include_usage\":true}");
    JsonNode usage = Caller.json(counted.get(counted.size() - 2));
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(214);
    assertThat(counted).hasSize(plain.size() + 1);
  }

  @Test
  void answersRequestsThatComeInPiecesAndPipelined() throws Exception {
    String request = RawCaller.post(CHAT, Caller.chatBody("Hi", ""));
    try (RawCaller raw = new RawCaller(simulator.port())) {
      raw.send(request.substring(0, 20)).send(request.substring(20) + request);
      raw.readUntil("HTTP/1.1 200");
      raw.readUntil("HTTP/1.1 200");
    }
    assertThat(caller.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAChunkedRequest() throws Exception {
    try (RawCaller raw = new RawCaller(simulator.port())) {
      String chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
      assertThat(raw.send(chunked).readToEnd().text()).startsWith("HTTP/1.1 411");
    }
  }

  private List<String> stream(String more) throws Exception {
    String body = Caller.chatBody("Hi", ",\"stream\":true" + more);
    return Caller.events(caller.post(CHAT, body).body());
  }
}
