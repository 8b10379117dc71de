package ai.oneflow.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.bench.soak.StreamLoad.Counts;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class SlowStreamsIT {
  private static final String BODY =
      """
      {"model":"gpt-4o","stream":true,\
      "messages":[{"role":"user","content":"[[sim gap=5ms tokens=20 SCRIPT]]"}]}\
      """;

  @Test
  void countsWholeStreams() throws Exception {
    Counts counts = run("");
    assertThat(counts.complete()).isEqualTo(counts.mostOpen()).isPositive();
    assertThat(counts.failed()).isZero();
  }

  @Test
  void countsStreamsThatEndWithoutDoneAsFailed() throws Exception {
    Counts counts = run("outcome=half-stream");
    assertThat(counts.complete()).isZero();
    assertThat(counts.failed()).isPositive();
  }

  private static Counts run(String script) throws Exception {
    try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) {
      URI url = URI.create(simulator.baseUrl() + "/chat/completions");
      StreamRequest request = new StreamRequest(url, "any", BODY.replace("SCRIPT", script));
      try (StreamLoad load = new StreamLoad(request, 20)) {
        load.begin();
        load.counts();
        load.finish(10);
        return load.counts();
      }
    }
  }
}
