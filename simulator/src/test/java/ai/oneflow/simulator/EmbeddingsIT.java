package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EmbeddingsIT {
  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void floatsAndBase64AreTheSameUnitVector() throws Exception {
    JsonNode floats = embed("\"input\":\"Hello!\",\"dimensions\":8").at("/data/0/embedding");
    String base64 =
        embed("\"input\":\"Hello!\",\"dimensions\":8,\"encoding_format\":\"base64\"")
            .at("/data/0/embedding")
            .asText();
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    double square = 0;
    for (JsonNode component : floats) {
      assertThat(bytes.getFloat()).isEqualTo(component.floatValue());
      square += component.doubleValue() * component.doubleValue();
    }
    assertThat(floats).hasSize(8);
    assertThat(square).isCloseTo(1, within(1e-5));
  }

  @Test
  void countsTextsByBytesAndTokensByNumber() throws Exception {
    JsonNode texts = embed("\"input\":[\"12345678\",\"1\"]");
    assertThat(texts.path("data")).hasSize(2);
    assertThat(texts.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    assertThat(embed("\"input\":[[1,2,3],[4,5]]").at("/usage/total_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void refusesDimensionsBelowOne() throws Exception {
    JsonNode answer = embed("\"input\":\"x\",\"dimensions\":-1");
    assertThat(answer.at("/error/message").asText())
        .isEqualTo("-1 is less than the minimum of 1 - 'dimensions'");
  }

  private JsonNode embed(String fields) throws Exception {
    return Caller.json(
        caller
            .post("/v1/embeddings", "{\"model\":\"text-embedding-3-small\"," + fields + "}")
            .body());
  }
}
