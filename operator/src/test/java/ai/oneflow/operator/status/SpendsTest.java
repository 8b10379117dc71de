package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ApiKeyStatus.Spend;
import ai.oneflow.api.v1alpha1.Budget;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Spending.Spent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpendsTest {
  private static final GatewayId MAIN = new GatewayId("ai", "main");
  private static final GatewayId OTHER = new GatewayId("ai", "other");
  private static final EntryKey KEY = new EntryKey(Kind.API_KEY, "ai", "search");
  private static final EntryKey MARKER = new EntryKey(Kind.API_KEY, "ai", "marker");
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  private final AtomicInteger rounds = new AtomicInteger();
  private final Spends spends = new Spends(Duration.ZERO, rounds::incrementAndGet);

  @AfterEach
  void close() {
    spends.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.00",
    "12345600000000, 1234.56",
    "1, 0.00",
    "4999, 0.00",
    "5000, 0.000001",
    "3750000, 0.000375",
    "9223372036854775807, 922337203.685478"
  })
  void showsCreditsAsAStatusMayHoldThem(long picoDollars, String credits) {
    say(MAIN, Window.MONTH, MAY, picoDollars);

    assertThat(shown(MAIN).map(Spend::credits)).contains(new BigDecimal(credits));
  }

  @Test
  void whatAGatewaySaidLastOfTheNewestWindowHolds() {
    spends.spent(MAIN, spending(Window.MONTH, MAY, 5_000_000_000_000L));
    spends.spent(MAIN, spending(Window.MONTH, JUNE, 20_000_000_000L));
    spends.spent(OTHER, spending(Window.MONTH, JUNE, 30_000_000_000L));
    spends.spent(MAIN, spending(Window.MONTH, JUNE, 10_000_000_000L));

    say(MAIN, Window.MONTH, MAY, 9_000_000_000_000L);

    assertThat(shown(MAIN)).contains(month("1.00"));
    assertThat(spends.of(KEY, List.of(MAIN, OTHER))).contains(month("3.00"));
    assertThat(spends.of(KEY, List.of())).isEmpty();
  }

  @Test
  void ofSeveralWindowsTheMonthIsShown() {
    spends.spent(MAIN, spending(Window.DAY, JUNE, 10_000_000_000L));
    spends.spent(MAIN, spending(Window.TOTAL, MAY, 90_000_000_000L));

    say(MAIN, Window.MONTH, JUNE, 20_000_000_000L);

    assertThat(shown(MAIN)).contains(month("2.00"));
  }

  @Test
  void whatComesSoonAfterARoundWaitsForTheNext() {
    try (Spends seldom = new Spends(Duration.ofHours(1), rounds::incrementAndGet)) {
      seldom.spent(MAIN, spending(Window.MONTH, JUNE, 20_000_000_000L));
      await().until(() -> rounds.get() > 0);

      seldom.spent(MAIN, spending(Window.MONTH, JUNE, 30_000_000_000L));

      assertThat(seldom.of(KEY, List.of(MAIN))).contains(month("2.00"));
      assertThat(rounds).hasValue(1);
    }
  }

  @Test
  void theLatestUseOfTheGatewaysThatServeAKeyIsShown() {
    assertThat(lastUsed(MAIN, OTHER)).isEmpty();

    spends.used(MAIN, used(JUNE));
    spends.used(MAIN, used(MAY));
    spends.used(OTHER, used(JUNE.plusSeconds(1)));

    assertThat(lastUsed(MAIN)).contains(JUNE);
    assertThat(lastUsed(MAIN, OTHER)).contains(JUNE.plusSeconds(1));
    await().until(() -> rounds.get() > 0);
    spends.retain(Set.of(KEY), Set.of(MAIN));
    assertThat(lastUsed(MAIN, OTHER)).contains(JUNE);
    spends.retain(Set.of(), Set.of(MAIN));
    assertThat(lastUsed(MAIN)).isEmpty();
  }

  private Optional<Instant> lastUsed(GatewayId... gateways) {
    return spends.told(KEY, List.of(gateways)).lastUsed();
  }

  private static KeyUses used(Instant at) {
    return new KeyUses(List.of(new KeyUses.Use("ai", "search", at)));
  }

  @Test
  void aKeyThatIsGoneIsForgotten() {
    say(MAIN, Window.MONTH, JUNE, 20_000_000_000L);

    spends.retain(Set.of(), Set.of(MAIN));
    spends.spent(OTHER, spending(Window.MONTH, JUNE, 1));

    await().untilAsserted(() -> assertThat(shown(MAIN)).isEmpty());
  }

  /// Returns when a round has shown this and all that was said before it: a marker is said after
  /// them, and rounds show everything that was said.
  private void say(GatewayId gateway, Window window, Instant since, long picoDollars) {
    spends.spent(gateway, spending(window, since, picoDollars));
    spends.spent(gateway, new Spending(List.of(new Spent("ai", "marker", window, since, 1))));
    await().until(() -> spends.of(MARKER, List.of(gateway)).isPresent());
  }

  private Optional<Spend> shown(GatewayId gateway) {
    return spends.of(KEY, List.of(gateway));
  }

  private static Spend month(String credits) {
    return new Spend(Budget.Window.MONTH, JUNE, new BigDecimal(credits));
  }

  private static Spending spending(Window window, Instant since, long picoDollars) {
    return new Spending(List.of(new Spent("ai", "search", window, since, picoDollars)));
  }
}
