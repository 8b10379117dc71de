package ai.oneflow.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ProductionTrafficTest {
  private static final String SET =
      """
      {"listener": {"tls": {"secretRef": {"name": "tls"}}},
       "cors": {"allowedOrigins": ["https://a.example"]}}""";
  private static final String NOT_IN_FORCE =
      "well formed; this version accepts and does not act on spec.listener.tls, spec.cors";

  private static Found gateway(String spec, String status, String words, int observed)
      throws JsonProcessingException {
    return new Found(
        Kind.LLM_GATEWAY,
        new ObjectMapper()
            .readTree(
                """
                {"metadata": {"namespace": "ai", "name": "main", "generation": 2}, "spec": %s,
                 "status": {"observedGeneration": %d, "conditions": [
                   {"type": "Accepted", "status": "%s", "reason": "Accepted", "message": "%s"}]}}"""
                    .formatted(spec, observed, status, words)));
  }

  @Test
  void whatIsSetAndNotActedOnFails() throws JsonProcessingException {
    Found gateway = gateway(SET, "True", NOT_IN_FORCE, 2);

    assertThat(ProductionTraffic.tls(gateway))
        .extracting(Finding::level, Finding::words)
        .containsExactly(
            Level.FAIL,
            "spec.listener.tls is set and this version does not act on it: the listener is plain"
                + " HTTP");
    assertThat(ProductionTraffic.cors(gateway))
        .extracting(Finding::level, Finding::words)
        .containsExactly(
            Level.FAIL,
            "spec.cors is set and this version does not act on it: no web page may call");
  }

  @Test
  void whatNoOperatorHasJudgedIsNotKnown() throws JsonProcessingException {
    assertThat(ProductionTraffic.tls(gateway(SET, "True", "well formed", 1)).level())
        .isEqualTo(Level.UNKNOWN);
    assertThat(ProductionTraffic.cors(gateway(SET, "False", "it is not", 2)).level())
        .isEqualTo(Level.UNKNOWN);
  }

  @Test
  void whatIsActedOnPasses() throws JsonProcessingException {
    Found gateway = gateway(SET, "True", "well formed", 2);

    assertThat(ProductionTraffic.tls(gateway)).isEqualTo(passed("callers connect by TLS"));
    assertThat(ProductionTraffic.cors(gateway)).isEqualTo(passed("1 origins may call"));
  }

  @Test
  void whatIsNotSetNeedsNoJudgement() throws JsonProcessingException {
    Found gateway = gateway("{}", "False", "it is not", 1);

    assertThat(ProductionTraffic.tls(gateway).level()).isEqualTo(Level.UNKNOWN);
    assertThat(ProductionTraffic.cors(gateway)).isEqualTo(passed("no web page may call"));
  }

  private static Finding passed(String words) {
    return Finding.pass("LLMGateway ai/main", words);
  }
}
