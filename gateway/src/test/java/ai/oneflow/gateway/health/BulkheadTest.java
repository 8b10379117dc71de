package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkheadTest {
  private final Bulkhead bulkhead = new Bulkhead();
  private final Map<String, Bulkhead.Waiter> waiters = new HashMap<>();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final StringBuilder said = new StringBuilder();

  /// `in` enters, `out` leaves, `run` lets the loop run; `wait`, `quit` and `late` with a name
  /// begin to wait, give up and wait no longer; `most` with two numbers changes the bounds. What is
  /// said: `+` or `-` whether there was room, a name where a turn has come, `full` where the queue
  /// was, `late` where the turn had not come.
  @ParameterizedTest
  @CsvSource({
    "0/0, in in in in, ++++",
    "2/0, in in in out in in, ++-+-",
    "1/0, in wait:a, +full",
    "1/2, in wait:a wait:b wait:c, +full",
    "1/2, in wait:a wait:b out run out run out run in, +ab+",
    "1/2, in wait:a out in run, +-a",
    "1/2, in wait:a out run in, +a-",
    "1/2, in wait:a quit:a out run in, ++",
    "1/2, in wait:a wait:b quit:a out run, +b",
    "1/2, in wait:a out quit:a run in, ++",
    "1/2, in wait:a wait:b out quit:a run, +b",
    "1/2, in wait:a late:a out run in, +late+",
    "1/2, in wait:a out late:a run in, +a-",
    "1/2, in wait:a out run quit:a in, +a-",
    "1/1, in wait:a quit:a wait:b out run, +b",
    "1/2, in wait:a wait:b most:3/2 run in, +ab-",
    "1/2, in wait:a wait:b most:0/0 run in, +ab+",
    "3/2, in in in most:1/2 out in out in out in, +++--+",
    "2/2, in in wait:a most:1/2 out run out run, ++a",
    "1/2, in wait:a most:1/0 wait:b out run, +fulla",
    "1/1, wait:a run in, a-",
  })
  void letsInAsManyAsItMayAndTheOthersInTheirTurn(String most, String events, String expected) {
    happens("most:" + most);
    for (String event : events.split(" ", -1)) {
      happens(event);
    }

    assertThat(said.toString()).isEqualTo(expected);
  }

  private void happens(String event) {
    String[] words = event.split("[:/]", -1);
    switch (words[0]) {
      case "in" -> said.append(bulkhead.tryEnter() ? '+' : '-');
      case "out" -> bulkhead.leave();
      case "run" -> runAll();
      case "wait" -> await(words[1]);
      case "quit" -> waiter(words[1]).giveUp();
      case "late" -> said.append(waiter(words[1]).expire() ? "late" : "");
      case "most" -> bulkhead.bound(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      default -> throw new IllegalArgumentException(event);
    }
  }

  private void await(String name) {
    Bulkhead.Waiter waiter = bulkhead.await(loop::add, () -> said.append(name));
    if (waiter == null) {
      said.append("full");
    } else {
      waiters.put(name, waiter);
    }
  }

  private Bulkhead.Waiter waiter(String name) {
    return Objects.requireNonNull(waiters.get(name));
  }

  private void runAll() {
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
  }

  @Test
  void saysWhoIsThereAndHowManyWereShed() {
    for (String event : List.of("most:2/2", "in", "in", "wait:a", "wait:b", "wait:c", "late:a")) {
      happens(event);
    }

    assertThat(bulkhead.underWay()).isEqualTo(2);
    assertThat(bulkhead.waiting()).isEqualTo(1);
    assertThat(bulkhead.shed()).isEqualTo(2);
  }

  @Test
  void aLoopThatHasEndedHoldsNobodyUp() {
    bulkhead.bound(1, 2);
    bulkhead.tryEnter();
    bulkhead.await(
        _ -> {
          throw new RejectedExecutionException("it has ended");
        },
        () -> said.append("dead"));
    await("a");

    bulkhead.leave();
    runAll();

    assertThat(said.toString()).isEqualTo("a");
    assertThat(bulkhead.underWay()).isEqualTo(1);
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void aProviderThatIsGoneIsRememberedWhileRequestsAreUnderWay() {
    HealthBook book = new HealthBook();
    Bulkhead busy = book.bulkhead("ai/busy");
    Bulkhead idle = book.bulkhead("ai/idle");
    busy.tryEnter();

    book.draft().keep(Set.of());

    assertThat(book.bulkhead("ai/busy")).isSameAs(busy);
    assertThat(book.bulkhead("ai/idle")).isNotSameAs(idle);
  }
}
