package ai.oneflow.tests.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import ai.oneflow.tests.dataplane.SteadyCalls.Ended;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten providers that all fail, each in a way that changes from round to round: every error tells
/// the code of the last attempt, how often whom and with what result, and when to come again; and
/// nobody is charged. By `failing.rounds`, `failing.rate` and `failing.seed`.
class AllProvidersFailIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PROVIDERS = 10;
  private static final Retry PATIENT =
      new Retry(10, Duration.ofMillis(1), Duration.ofMillis(100), 20);
  private static final Pattern ATTEMPT = Pattern.compile("\\d+\\. ai/p(\\d) gpt-4o-\\d+: ");

  /// How long a breaker stays open.
  private static final long LONGEST_SECONDS = 60;

  /// A way to fail, and what an attempt that fails so may be told as.
  private enum Fault {
    ERROR("status=500", ErrorCode.PROVIDER_ERROR),
    OVERLOADED("status=529 retry-after=7", ErrorCode.PROVIDER_ERROR),
    BUSY("status=503 retry-after=3", ErrorCode.PROVIDER_ERROR),
    LIMITED("status=429 retry-after=5", ErrorCode.PROVIDER_RATE_LIMITED),
    LIMITED_FOR_UNKNOWN("status=429", ErrorCode.PROVIDER_RATE_LIMITED),
    REFUSED("status=401", ErrorCode.PROVIDER_AUTHENTICATION_FAILED),
    UNPAID("status=402", ErrorCode.PROVIDER_AUTHENTICATION_FAILED),
    HTML("outcome=html", ErrorCode.PROVIDER_INVALID_RESPONSE),
    HUGE("outcome=huge-headers", ErrorCode.PROVIDER_INVALID_RESPONSE),
    RESET("outcome=reset at=before-headers", ErrorCode.PROVIDER_UNAVAILABLE),
    CUT("outcome=truncate at=after-headers", ErrorCode.PROVIDER_UNAVAILABLE),
    SILENT("outcome=stall at=before-headers", ErrorCode.PROVIDER_TIMEOUT),
    STUCK("outcome=stall at=after-headers", ErrorCode.PROVIDER_TIMEOUT);

    private final String script;
    private final ErrorCode code;

    Fault(String script, ErrorCode code) {
      this.script = script;
      this.code = code;
    }

    Optional<Long> retryAfterSeconds() {
      return switch (this) {
        case OVERLOADED -> Optional.of(7L);
        case BUSY -> Optional.of(3L);
        case LIMITED -> Optional.of(5L);
        case LIMITED_FOR_UNKNOWN -> Optional.of(1L);
        default -> Optional.empty();
      };
    }
  }

  @TempDir Path folder;
  private final long seed = Long.getLong("failing.seed", System.nanoTime());
  private final int rounds = Integer.getInteger("failing.rounds", 5);
  private final int rate = Integer.getInteger("failing.rate", 40);
  private final List<Simulator> providers = new ArrayList<>();
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < PROVIDERS; i++) {
      providers.add(Simulator.start(serving(models())));
    }
    gateway = GatewayUnderTest.start(folder, snapshot());
  }

  /// For each round a model of its own, of which nothing is known yet.
  private List<String> models() {
    return IntStream.range(0, rounds).mapToObj(round -> "gpt-4o-" + round).toList();
  }

  private static SimulatorOptions serving(List<String> models) {
    SimulatorOptions plain = SimulatorOptions.defaults();
    return new SimulatorOptions(
        plain.host(),
        plain.port(),
        plain.fast(),
        plain.keys(),
        models,
        plain.timing(),
        plain.recordings(),
        plain.splitting(),
        plain.seed());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    for (Simulator provider : providers) {
      provider.close();
    }
  }

  @Test
  void everyErrorTellsWhatHappened() throws JsonProcessingException {
    System.out.printf(
        "all providers fail: -Dfailing.seed=%d -Dfailing.rounds=%d -Dfailing.rate=%d%n",
        seed, rounds, rate);
    Random random = new Random(seed);
    List<Ended> all = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Fault> faults = faults(random);
      List<Ended> ended = new SteadyCalls(gateway, rate).run("smart-" + round, rate, _ -> {});
      for (Ended each : ended) {
        assertTold(each, faults);
      }
      all.addAll(ended);
    }

    List<Ended> called = all.stream().filter(each -> each.attempts() > 0).toList();
    System.out.printf(
        "all providers fail: %d requests, %d attempts for %d of them%n",
        all.size(), called.stream().mapToInt(Ended::attempts).sum(), called.size());
    List<Line> lines = gateway.lines(called.size());
    assertThat(lines).hasSize(called.size()).allMatch(line -> line.picoDollars() == 0);
    assertThat(lines).extracting(Line::outcome).containsOnly("provider_failed", "provider_refused");
    assertThat(gateway.attempts())
        .hasSize(called.stream().mapToInt(each -> each.attempts() - 1).sum());
  }

  /// Gives each provider one.
  private List<Fault> faults(Random random) {
    List<Fault> faults = new ArrayList<>();
    for (Simulator provider : providers) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      provider.clearScripts();
      provider.script(0, fault.script);
      faults.add(fault);
    }
    return faults;
  }

  private static void assertTold(Ended ended, List<Fault> faults) throws JsonProcessingException {
    assertThat(ended.isServed()).as("%s with %s", ended, faults).isFalse();
    JsonNode error = JSON.readTree(ended.problem()).path("error");
    ErrorCode code = code(error.path("code").asText());
    assertThat(ended.status()).as(ended.problem()).isEqualTo(code.status());
    if (ended.attempts() == 0) {
      assertThat(code).isIn(ErrorCode.PROVIDER_UNAVAILABLE, ErrorCode.PROVIDER_RATE_LIMITED);
      assertThat(ended.retryAfterSeconds()).as(ended.problem()).isPresent();
      assertThat(ended.retryAfterSeconds().orElseThrow()).isBetween(1L, LONGEST_SECONDS);
    } else if (ended.attempts() > 1) {
      List<Fault> listed = listed(error.path("message").asText(), faults);
      assertThat(listed).as(ended.problem()).hasSize(ended.attempts());
      assertThat(code).as(ended.problem()).isEqualTo(listed.getLast().code);
      assertThat(ended.retryAfterSeconds())
          .as(ended.problem())
          .isEqualTo(
              listed.stream()
                  .flatMap(each -> each.retryAfterSeconds().stream())
                  .min(Long::compare));
    } else {
      assertThat(faults.stream().filter(each -> each.code == code))
          .as(ended.problem())
          .anySatisfy(
              each -> assertThat(each.retryAfterSeconds()).isEqualTo(ended.retryAfterSeconds()));
    }
  }

  /// The faults of those that were called, in order.
  private static List<Fault> listed(String message, List<Fault> faults) {
    return ATTEMPT
        .matcher(message)
        .results()
        .map(MatchResult::group)
        .map(each -> faults.get(each.charAt(each.indexOf("ai/p") + 4) - '0'))
        .toList();
  }

  private static ErrorCode code(String name) {
    return Arrays.stream(ErrorCode.values())
        .filter(each -> each.code().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no such code: " + name));
  }

  private GatewaySnapshot snapshot() {
    List<String> models = models();
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    entries.addAll(
        FailingProviders.at(providers.stream().map(Simulator::baseUrl).toList(), models, 1_000));
    for (int i = 0; i < rounds; i++) {
      entries.add(FailingProviders.route("smart-" + i, PROVIDERS, models.get(i), PATIENT));
    }
    return GatewaySnapshot.of(entries);
  }
}
