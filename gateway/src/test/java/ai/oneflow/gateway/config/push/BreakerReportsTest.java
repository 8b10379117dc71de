package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.health.Books;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.HealthBook.Target;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.BreakerStates.Breaker;
import ai.oneflow.snapshot.BreakerStates.State;
import ai.oneflow.snapshot.FromGateway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerReportsTest {
  private static final Duration OPEN_FOR = Duration.ofSeconds(60);

  private final AtomicLong nanos = new AtomicLong();
  private final HealthBook health = new HealthBook(nanos::get);
  private final BreakerReports reports = new BreakerReports(health);

  @Test
  void aConnectionBeginsWithAMessageThoughAllAreClosed() {
    target("gpt-4o");

    assertThat(reports.take()).contains(new BreakerStates(List.of()));
    assertThat(reports.take()).isEmpty();
  }

  @Test
  void eachChangeIsToldOnce() {
    reports.take();

    fail("gpt-4o");
    assertThat(said()).containsExactly(breaker("gpt-4o", State.OPEN));
    assertThat(reports.take()).isEmpty();
    nanos.addAndGet(OPEN_FOR.toNanos());
    assertThat(said()).containsExactly(breaker("gpt-4o", State.HALF_OPEN));
    target("gpt-4o").tryCall(nanos.get());
    assertThat(reports.take()).isEmpty();
    target("gpt-4o").succeeded(Permit.PROBE, nanos.get());
    assertThat(said()).containsExactly(breaker("gpt-4o", State.CLOSED));
    assertThat(reports.take()).isEmpty();
  }

  @Test
  void whatOpensAndClosesBetweenTwoRoundsIsNotTold() {
    reports.take();

    fail("gpt-4o");
    nanos.addAndGet(OPEN_FOR.toNanos());
    target("gpt-4o").tryCall(nanos.get());
    target("gpt-4o").succeeded(Permit.PROBE, nanos.get());

    assertThat(reports.take()).isEmpty();
  }

  @Test
  void aTargetThatIsServedNoMoreIsToldAsClosed() {
    fail("gpt-4o");
    reports.take();

    health.draft().keep(Set.of());

    assertThat(said()).containsExactly(breaker("gpt-4o", State.CLOSED));
  }

  @Test
  void anOperatorThatCameBackIsToldAllThatAreNotClosed() {
    fail("gpt-4o");
    fail("o1");
    reports.take();

    reports.connected();

    assertThat(said())
        .containsExactlyInAnyOrder(breaker("gpt-4o", State.OPEN), breaker("o1", State.OPEN));
  }

  @Test
  void manyAreToldInSeveralRoundsThoseThatAreOpenFirst() {
    IntStream.range(0, 700).forEach(i -> fail("early-" + i));
    nanos.addAndGet(OPEN_FOR.toNanos());
    IntStream.range(0, 400).forEach(i -> fail("late-" + i));

    List<Breaker> first = said();
    List<Breaker> second = said();
    List<Breaker> third = said();

    assertThat(List.of(first.size(), second.size(), third.size())).containsExactly(500, 500, 100);
    assertThat(first.subList(0, 400)).extracting(Breaker::state).containsOnly(State.OPEN);
    assertThat(second).extracting(Breaker::state).containsOnly(State.HALF_OPEN);
    assertThat(reports.take()).isEmpty();
  }

  @Test
  void anOperatorThatDoesNotTakeThemIsNotToldAndMissesNothingOfTheRest() {
    SpendReports spending = new SpendReports();
    Reports all = new Reports(spending, new UseReports(), reports, new CredentialReports(health));
    fail("gpt-4o");

    assertThat(all.take(_ -> false)).isEmpty();
    assertThat(all.take("breakers"::equals))
        .isEqualTo(List.<FromGateway>of(new BreakerStates(List.of(breaker("gpt-4o", State.OPEN)))));
  }

  private List<Breaker> said() {
    return reports.take().map(BreakerStates::breakers).orElse(List.of());
  }

  private static Breaker breaker(String model, State state) {
    return new Breaker("ai", "openai", model, state);
  }

  private TargetHealth target(String model) {
    return Books.of(
        health,
        new Target("ai/openai", model),
        new TargetHealth.Settings(Duration.ofSeconds(1), 1, OPEN_FOR, 1));
  }

  private void fail(String model) {
    TargetHealth target = target(model);
    Optional.ofNullable(target.tryCall(nanos.get()))
        .ifPresent(permit -> target.failed(permit, nanos.get()));
  }
}
