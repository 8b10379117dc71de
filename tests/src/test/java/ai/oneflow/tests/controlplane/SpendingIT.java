package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Spending.Spent;
import ai.oneflow.snapshot.Warning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What gateways say of spending is seen in the cluster.
final class SpendingIT {
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
  private static final long CREDIT = 10_000_000_000L;
  private static final Duration A_ROUND_AND_MORE = Duration.ofSeconds(40);

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, Set.of("spending", "warned", "strange"));
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  @Test
  void theStatusOfAKeyShowsWhatWasSaidLastOfTheNewestWindow() throws IOException {
    LightGateway one = operator().gateway("spending", "main-0");
    LightGateway other = operator().gateway("spending", "main-1");
    operator().apply("spending", Manifests.KEY + Manifests.GATEWAY);
    operator().awaitReady("spending", "apikey/search");

    one.reports().spent(List.of(spent("spending", MAY, 900 * CREDIT)));
    awaitSpend("spending", "Month 2026-05-01T00:00:00Z 900.00");
    one.reports().spent(List.of(spent("spending", JUNE, 5 * CREDIT / 2)));
    awaitSpend("spending", "Month 2026-06-01T00:00:00Z 2.50");
    other.reports().spent(List.of(spent("spending", JUNE, CREDIT / 1000)));

    awaitSpend("spending", "Month 2026-06-01T00:00:00Z 0.001");
    operator().restart();
    Spent counted = spent("spending", JUNE, 3 * CREDIT + 12_345_600_000L / 100);
    one.reports().spent(List.of(counted)); // each tells anew what it knew, in any order
    other.reports().spent(List.of(counted));
    awaitSpend("spending", "Month 2026-06-01T00:00:00Z 3.012346");
  }

  @Test
  void aGatewayHasNoSayAboutKeysThatItDoesNotServe() throws IOException {
    LightGateway stranger = operator().gateway("strange", "main-0");
    operator().apply("strange", Manifests.KEY + Manifests.GATEWAY);
    operator().apply("warned", Manifests.QUOTA);
    operator().awaitReady("strange", "apikey/search");

    stranger.reports().warn(warning(80, JUNE));
    stranger
        .reports()
        .spent(List.of(spent("spending", JUNE, 7_777 * CREDIT), spent("strange", JUNE, CREDIT)));

    awaitSpend("strange", "Month 2026-06-01T00:00:00Z 1.00");
    assertThat(spend("spending")).doesNotContain("7777");
    assertThat(events("strange/main")).isEmpty();
  }

  @Test
  void aCrossingIsAnEventOnceHoweverOftenItIsSaid() throws IOException {
    LightGateway one = operator().gateway("warned", "main-0");
    LightGateway other = operator().gateway("warned", "main-1");
    operator().apply("warned", Manifests.QUOTA + Manifests.GATEWAY);
    operator().awaitReady("warned", "quotapolicy/all");

    one.reports().warn(warning(80, MAY));
    other.reports().warn(warning(80, MAY));
    one.reports().warn(warning(100, MAY));
    other.reports().warn(warning(80, JUNE));

    await().untilAsserted(() -> assertThat(events("warned/main").lines()).hasSize(3));
    operator().restart();
    one.reports().warn(warning(95, JUNE));
    await().untilAsserted(() -> assertThat(events("warned/main").lines()).hasSize(4));
    assertThat(events("warned/main").lines())
        .containsExactlyInAnyOrder(
            "BudgetWarning 80% of the budget of 50.5 US dollars for user=alice is spent, in the"
                + " month that began at 2026-05-01T00:00:00Z, at gateway warned/main",
            "BudgetExhausted the budget of 50.5 US dollars for user=alice is spent, in the month"
                + " that began at 2026-05-01T00:00:00Z, at gateway warned/main",
            "BudgetWarning 80% of the budget of 50.5 US dollars for user=alice is spent, in the"
                + " month that began at 2026-06-01T00:00:00Z, at gateway warned/main",
            "BudgetWarning 95% of the budget of 50.5 US dollars for user=alice is spent, in the"
                + " month that began at 2026-06-01T00:00:00Z, at gateway warned/main");
  }

  private static Spent spent(String namespace, Instant since, long picoDollars) {
    return new Spent(namespace, "search", Window.MONTH, since, picoDollars);
  }

  private static Warning warning(int percent, Instant since) {
    EntryKey quota = new EntryKey(Kind.QUOTA_POLICY, "warned", "all");
    return new Warning(quota, "user=alice", Window.MONTH, since, percent, 50_500_000_000_000L);
  }

  private static void awaitSpend(String namespace, String spend) {
    await()
        .atMost(A_ROUND_AND_MORE)
        .untilAsserted(() -> assertThat(spend(namespace)).isEqualTo(spend));
  }

  private static String spend(String namespace) {
    return operator()
        .kubectl(
            "get",
            "apikeys",
            "-n",
            namespace,
            "-o",
            "jsonpath={range .items[*].status.spend}{.window} {.since} {.credits}{end}");
  }

  /// Those that speak of a budget at this gateway, a line each.
  private static String events(String gateway) {
    String all =
        operator()
            .kubectl(
                "get",
                "events",
                "-n",
                "warned",
                "--field-selector=involvedObject.name=all,involvedObject.kind=QuotaPolicy",
                "-o",
                "jsonpath={range .items[*]}{.reason} {.message}{'\\n'}{end}");
    return String.join(
        "\n",
        all.lines()
            .filter(line -> line.startsWith("Budget") && line.endsWith("at gateway " + gateway))
            .toList());
  }
}
