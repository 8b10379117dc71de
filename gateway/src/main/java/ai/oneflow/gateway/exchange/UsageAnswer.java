package ai.oneflow.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Unit;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The body of `GET /v1/usage`: who the caller counts for, and where each of its limits stands.
///
/// What is only counted has no limit. Credits are decimal strings, everything else whole numbers.
/// What requests under way hold counts as used. Where a counter cannot be reached, what it would
/// tell is null.
final class UsageAnswer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int MILLIS = 1000;

  private UsageAnswer() {}

  /// @param standings of the limits that are known now
  static byte[] of(Caller caller, List<Limit> limits, List<Standing> standings) {
    ObjectNode body = JSON.createObjectNode();
    body.put("object", "usage");
    body.put("key", caller.keyNamespace() + "/" + caller.keyName());
    body.put("user", caller.user());
    body.put("project", caller.project());
    ArrayNode nodes = body.putArray("limits");
    for (Limit limit : limits) {
      add(nodes.addObject(), limit, standingOf(limit, standings));
    }
    return body.toString().getBytes(UTF_8);
  }

  private static @Nullable Standing standingOf(Limit limit, List<Standing> standings) {
    for (Standing standing : standings) {
      if (standing.limit().equals(limit)) {
        return standing;
      }
    }
    return null;
  }

  private static void add(ObjectNode node, Limit limit, @Nullable Standing standing) {
    node.put("subject", limit.subject());
    node.put("unit", limit.unit().label());
    node.put("window", window(limit));
    amount(node, "used", limit.unit(), standing == null ? null : standing.used());
    if (limit.amount() < Long.MAX_VALUE) {
      amount(node, "limit", limit.unit(), limit.amount());
      amount(node, "remaining", limit.unit(), standing == null ? null : standing.left());
    }
    Long reset = standing == null ? null : Math.ceilDiv(standing.resetMillis(), MILLIS);
    node.put("reset_seconds", reset);
    node.put("binding", limit.binding().name().toLowerCase(Locale.ROOT));
  }

  private static void amount(ObjectNode node, String name, Unit unit, @Nullable Long amount) {
    if (amount != null && (unit == Unit.CREDITS || unit == Unit.PREPAID)) {
      node.put(name, BigDecimal.valueOf(amount, DECIMALS_OF_A_CREDIT).toPlainString());
    } else {
      node.put(name, amount);
    }
  }

  private static String window(Limit limit) {
    return switch (limit.span()) {
      case Span.Sliding(long millis) -> Duration.ofMillis(millis).toSeconds() + "s";
      case Span.Calendar(var period, var zone) ->
          period.name().toLowerCase(Locale.ROOT) + " (" + zone + ")";
      case Span.Whole() -> limit.unit() == Unit.CONCURRENT ? "now" : "total";
    };
  }
}
