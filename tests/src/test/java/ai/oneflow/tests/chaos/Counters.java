package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.reducing;

import ai.oneflow.tests.chaos.LedgerRows.Row;
import ai.oneflow.tests.process.ServingProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/// What gateways tell callers of their limits, beside what the ledger has.
final class Counters implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> UNITS = Set.of("requests", "tokens", "credits");
  private static final int OK = 200;
  private static final int DECIMALS_OF_A_CREDIT = 10;

  private final Site site;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Counters(Site site) {
    this.site = site;
  }

  private record Sum(long requests, long tokens, long picoDollars) {
    static final Sum NOTHING = new Sum(0, 0, 0);

    static Sum of(Row row) {
      return new Sum(1, row.input() + row.output(), row.picoDollars());
    }

    Sum plus(Sum other) {
      return new Sum(
          requests + other.requests, tokens + other.tokens, picoDollars + other.picoDollars);
    }

    BigDecimal of(String unit) {
      return switch (unit) {
        case "requests" -> BigDecimal.valueOf(requests);
        case "tokens" -> BigDecimal.valueOf(tokens);
        case "credits" -> BigDecimal.valueOf(picoDollars, DECIMALS_OF_A_CREDIT);
        default -> throw new IllegalArgumentException("nobody sums up " + unit);
      };
    }
  }

  /// What any gateway tells of any of these keys and should not, after what the ledger has.
  ///
  /// @param allowed what is told, compared with the ledger: below, at or above 0
  List<String> differences(List<String> keys, Collection<Row> rows, IntPredicate allowed)
      throws IOException {
    Map<String, Sum> ofKeys =
        rows.stream()
            .collect(
                groupingBy(
                    row -> Pair.of(row.request()).key(),
                    reducing(Sum.NOTHING, Sum::of, Sum::plus)));
    Sum ofAll = rows.stream().map(Sum::of).reduce(Sum.NOTHING, Sum::plus);
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      Sum ofKey = ofKeys.getOrDefault(key, Sum.NOTHING);
      for (ServingProcess gateway : site.gateways()) {
        JsonNode limits = limits(gateway, key);
        if (!limited(limits).containsAll(UNITS)) {
          differences.add(key + " is not limited in " + UNITS + ", but by " + limits);
          continue;
        }
        for (JsonNode limit : limits) {
          boolean everybody = limit.get("subject").asText().startsWith("everything");
          BigDecimal has = (everybody ? ofAll : ofKey).of(limit.get("unit").asText());
          if (!allowed.test(new BigDecimal(limit.get("used").asText()).compareTo(has))) {
            differences.add(key + " has " + has + " in the ledger, and is told " + limit);
          }
        }
      }
    }
    return differences;
  }

  private static Set<String> limited(JsonNode limits) {
    Set<String> units = new HashSet<>();
    for (JsonNode limit : limits) {
      if (limit.hasNonNull("remaining")) {
        units.add(limit.get("unit").asText());
      }
    }
    return units;
  }

  private JsonNode limits(ServingProcess gateway, String key) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/usage"))
            .timeout(Duration.ofSeconds(10))
            .header("authorization", "Bearer " + site.secret(key))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new IOException(answer.statusCode() + " " + answer.body());
      }
      return JSON.readTree(answer.body()).get("limits");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
