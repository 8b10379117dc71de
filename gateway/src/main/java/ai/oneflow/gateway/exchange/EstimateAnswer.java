package ai.oneflow.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.exchange.route.Asked;
import ai.oneflow.gateway.exchange.route.Explanation;
import ai.oneflow.gateway.exchange.route.Explanation.Decision;
import ai.oneflow.gateway.exchange.route.Explanation.Rejected;
import ai.oneflow.gateway.exchange.route.Explanation.Scored;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// The body of `POST /v1/estimate`: where a chat would go, in which order, what it would cost
/// there, and why not elsewhere. Credits are decimal strings.
final class EstimateAnswer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int DECIMALS_OF_A_SCORE = 4;

  private EstimateAnswer() {}

  static byte[] of(Asked asked, Explanation explanation) {
    ObjectNode body = JSON.createObjectNode();
    body.put("object", "estimate");
    body.put("model", asked.model());
    switch (explanation.decision()) {
      case Decision.Served(var strategy, int fallbacks) -> {
        body.put("strategy", strategy.resourceValue());
        body.put("fallbacks", fallbacks);
      }
      case Decision.Refused(var error) ->
          body.putObject("error").put("code", error.code().code()).put("message", error.message());
    }
    ArrayNode candidates = body.putArray("candidates");
    explanation.candidates().forEach(scored -> add(candidates.addObject(), scored));
    ArrayNode rejected = body.putArray("rejected");
    explanation.rejected().forEach(each -> add(rejected.addObject(), each));
    return body.toString().getBytes(UTF_8);
  }

  private static void add(ObjectNode node, Scored scored) {
    target(node, scored.target());
    node.put("score", rounded(scored.score()));
    node.putObject("parts")
        .put("cost", rounded(scored.parts().cost()))
        .put("latency", rounded(scored.parts().latency()))
        .put("quality", rounded(scored.parts().quality()));
    node.put("input_tokens", scored.inputTokens());
    node.put("output_tokens", scored.outputTokens());
    node.put("cost_credits", credits(scored.picoDollars()));
    node.put("latency_ms", Math.round(scored.latencyMillis()));
    node.put("quality", scored.quality());
    node.put("availability", rounded(scored.availability()));
  }

  private static void add(ObjectNode node, Rejected rejected) {
    target(node, rejected.target());
    node.put("reason", rejected.why().name().toLowerCase(Locale.ROOT));
    node.put("message", rejected.why().meaning());
  }

  private static void target(ObjectNode node, CompiledTarget target) {
    node.put("provider", target.provider().label());
    node.put("model", target.upstreamModel());
  }

  private static String credits(double picoDollars) {
    return BigDecimal.valueOf(picoDollars)
        .movePointLeft(DECIMALS_OF_A_CREDIT)
        .setScale(DECIMALS_OF_A_CREDIT, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(DECIMALS_OF_A_SCORE, RoundingMode.HALF_UP);
  }
}
