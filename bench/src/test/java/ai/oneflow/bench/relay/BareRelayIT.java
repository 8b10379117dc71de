package ai.oneflow.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import io.netty.channel.epoll.Epoll;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BareRelayIT {
  private static final String CHAT =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";

  @BeforeEach
  void needsEpoll() {
    assumeTrue(Epoll.isAvailable(), "the bare relay is for Linux");
  }

  @Test
  void relaysAnswersAndStreamsUnchanged() throws Exception {
    try (Simulator mock = Simulator.start(SimulatorOptions.defaults().withFast(true));
        BareRelay relay = new BareRelay(0, mock.port());
        HttpClient client = HttpClient.newHttpClient()) {
      for (String body : new String[] {CHAT.formatted(""), CHAT.formatted(",\"stream\":true")}) {
        assertThat(post(client, relay.port(), body)).isEqualTo(post(client, mock.port(), body));
      }
    }
  }

  private static String post(HttpClient client, int port, String body) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + port + "/v1/chat/completions");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .version(HttpClient.Version.HTTP_1_1)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
