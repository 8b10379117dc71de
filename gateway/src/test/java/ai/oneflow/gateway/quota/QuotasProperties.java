package ai.oneflow.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.awaitility.Awaitility;

/// What every keeper of counters does with any requests. Each try has counters of its own.
public abstract class QuotasProperties {
  private static final int TRIES = 150;
  private static final long WINDOW_MILLIS = 60_000;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long LIMIT = 10_000;
  private static final long BUDGET = 1_000_000_000_000_000_007L;
  private static final long PRICE = 1_000_003;

  private int counters;

  /// A request.
  ///
  /// @param pauseMillis what passes before it
  /// @param tokens what it holds
  /// @param percent of that it uses
  /// @param lasts how many requests later it settles
  record Request(long pauseMillis, long tokens, int percent, int lasts) {
    long used() {
      return tokens * percent / 100;
    }
  }

  /// What has been let through, and counts for so much now.
  private static final class Admitted {
    private final Hold hold;
    private final Request request;
    private final long atMillis;
    private final int settlesAt;
    private long counts;

    Admitted(Hold hold, Request request, long atMillis, int settlesAt) {
      this.hold = hold;
      this.request = request;
      this.atMillis = atMillis;
      this.settlesAt = settlesAt;
      this.counts = request.tokens();
    }
  }

  protected abstract Quotas quotas();

  /// Moves the clock of the counters on, and says what it shows.
  protected abstract long pass(long millis);

  @Property(tries = TRIES)
  protected void noWindowEverHoldsMoreThanTheLimit(@ForAll("requests") List<Request> requests) {
    Limit window = limit(Unit.TOKENS, new Span.Sliding(WINDOW_MILLIS), LIMIT);
    List<Admitted> admitted = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      long now = pass(request.pauseMillis());
      settleDue(admitted, i);
      int settlesAt = i + request.lasts();
      take(new Ask(List.of(window), request.tokens(), 0))
          .ifPresent(hold -> admitted.add(new Admitted(hold, request, now, settlesAt)));
      assertThat(inWindowThatEnds(now, admitted)).isLessThanOrEqualTo(LIMIT);
    }
    settleDue(admitted, Integer.MAX_VALUE);
  }

  @Property(tries = TRIES)
  protected void whatWasHeldReturnsButForWhatWasUsed(@ForAll("requests") List<Request> requests) {
    Limit budget = limit(Unit.CREDITS, new Span.Whole(), BUDGET);
    Limit tokens = limit(Unit.TOKENS, new Span.Whole(), 40 * LIMIT);
    Limit atOnce = limit(Unit.CONCURRENT, new Span.Whole(), 1_000);
    long used = 0;
    List<Admitted> admitted = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      Ask ask =
          new Ask(List.of(budget, tokens, atOnce), request.tokens(), request.tokens() * PRICE);
      Optional<Hold> hold = take(ask);
      if (hold.isPresent()) {
        used += request.used();
        admitted.add(new Admitted(hold.get(), request, 0, i + request.lasts()));
      }
      settleDue(admitted, i);
    }
    settleDue(admitted, Integer.MAX_VALUE);

    assertLeft(budget, BUDGET - used * PRICE);
    assertLeft(tokens, 40 * LIMIT - used);
    assertLeft(atOnce, 1_000);
  }

  @Property(tries = TRIES)
  protected void whatWasHeldReturnsHoweverMuchItWas(
      @ForAll("requests") List<Request> requests, @ForAll("vast") List<Long> vast) {
    Limit budget = limit(Unit.CREDITS, new Span.Whole(), BUDGET).bound(Binding.COUNT);
    Limit window = limit(Unit.CREDITS, new Span.Sliding(HOUR_MILLIS), BUDGET).bound(Binding.COUNT);
    long used = 0;
    List<Admitted> admitted = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      long bound = i % 3 == 0 ? vast.get(i % vast.size()) : request.tokens() * PRICE;
      Hold hold = take(new Ask(List.of(budget, window), 0, bound)).orElseThrow();
      admitted.add(new Admitted(hold, request, 0, i + request.lasts()));
      used += request.used();
      settleDue(admitted, i);
    }
    settleDue(admitted, Integer.MAX_VALUE);

    assertLeft(budget, BUDGET - used * PRICE);
    assertLeft(window, BUDGET - used * PRICE);
  }

  @Property(tries = TRIES)
  protected void theOrderOfSettlementsAndTheirRepetitionChangeNothing(
      @ForAll("requests") List<Request> requests, @ForAll long seed) {
    Limit inOrder = limit(Unit.CREDITS, new Span.Whole(), BUDGET);
    Limit inDisorder = limit(Unit.CREDITS, new Span.Whole(), BUDGET);
    List<Admitted> first = takeAll(inOrder, requests);
    List<Admitted> once = takeAll(inDisorder, requests);
    List<Admitted> second = new ArrayList<>(once);

    first.forEach(this::settle);
    second.addAll(once);
    Collections.shuffle(second, new Random(seed));
    second.forEach(this::settle);

    long used = first.stream().mapToLong(each -> each.request.used()).sum();
    assertThat(second).hasSize(2 * first.size());
    assertLeft(inOrder, BUDGET - used * PRICE);
    assertLeft(inDisorder, BUDGET - used * PRICE);
  }

  @Provide
  Arbitrary<List<Request>> requests() {
    Arbitrary<Long> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 50)),
            Tuple.of(3, Arbitraries.longs().between(0, 5_000)),
            Tuple.of(1, Arbitraries.longs().between(0, 2 * WINDOW_MILLIS)));
    return Combinators.combine(
            pauses,
            Arbitraries.longs().between(1, LIMIT / 3),
            Arbitraries.integers().between(0, 100),
            Arbitraries.integers().between(0, 20))
        .as(Request::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  /// Bounds of which two or three are more than 64 bits hold.
  @Provide
  Arbitrary<List<Long>> vast() {
    return Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(Long.MAX_VALUE)),
            Tuple.of(1, Arbitraries.longs().between(Long.MAX_VALUE / 3, Long.MAX_VALUE)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  private List<Admitted> takeAll(Limit limit, List<Request> requests) {
    List<Admitted> admitted = new ArrayList<>();
    for (Request request : requests) {
      take(new Ask(List.of(limit), 0, request.tokens() * PRICE))
          .ifPresent(hold -> admitted.add(new Admitted(hold, request, 0, 0)));
    }
    return admitted;
  }

  private void settleDue(List<Admitted> admitted, int at) {
    for (Admitted each : admitted) {
      if (each.settlesAt <= at) {
        settle(each);
      }
    }
  }

  private void settle(Admitted each) {
    long used = each.request.used();
    quotas().settle(each.hold, new Spent(1, used, used * PRICE));
    each.counts = used;
  }

  private static long inWindowThatEnds(long atMillis, List<Admitted> admitted) {
    return admitted.stream()
        .filter(each -> each.atMillis > atMillis - WINDOW_MILLIS)
        .mapToLong(each -> each.counts)
        .sum();
  }

  private Limit limit(Unit unit, Span span, long amount) {
    return Limit.hard("property" + counters++, "key a/b", unit, span, amount);
  }

  private Optional<Hold> take(Ask ask) {
    CompletableFuture<Taking> taking = new CompletableFuture<>();
    quotas().take(ask, Runnable::run, taking::complete);
    return switch (await(taking)) {
      case Taking.Taken(var hold, _, _) -> Optional.of(hold);
      case Taking.Refused _ -> Optional.empty();
      case Taking.Unreachable(var limit) -> throw new AssertionError("unreachable: " + limit);
    };
  }

  /// Perhaps not at once: what is on its way to the counters is not in what they say is left.
  private void assertLeft(Limit limit, long expected) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(left(limit)).isEqualTo(expected));
  }

  private long left(Limit limit) {
    CompletableFuture<List<Standing>> standings = new CompletableFuture<>();
    quotas().look(List.of(limit), Runnable::run, standings::complete);
    return await(standings).getFirst().left();
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
