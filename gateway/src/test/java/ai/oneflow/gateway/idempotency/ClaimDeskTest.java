package ai.oneflow.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.idempotency.memory.MemoryReplays;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaimDeskTest {
  private static final Identity IDENTITY =
      new Identity("name", "body", new AnswerSeal(new byte[] {1}, "name"));
  private static final Conclusion ANSWER =
      new Conclusion.Kept(new StoredAnswer(200, Map.of(), new byte[] {7}));

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final ClaimDesk desk = new ClaimDesk();
  private final List<Claim> claims = new ArrayList<>();
  private final Counting keeper =
      new Counting(new MemoryReplays(() -> Instant.EPOCH, MemoryReplays.MOST_BYTES, desk));

  /// Counts how often it is asked.
  private static final class Counting implements Replays {
    private final Replays keeper;
    private int asked;

    Counting(Replays keeper) {
      this.keeper = keeper;
    }

    @Override
    public void claim(Identity identity, Executor on, Consumer<Claim> then) {
      asked++;
      keeper.claim(identity, on, then);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() {
    loop.freezeTime();
    desk.replace(keeper);
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void knowsNothingBeforeThereIsAKeeper() {
    new ClaimDesk().claim(IDENTITY, loop.eventLoop(), claims::add);

    assertThat(claims).containsExactly(new Claim.Unreachable());
  }

  @Test
  void tellsThoseWhoWaitOfTheAnswerAtOnce() {
    Turn turn = first();
    claim();
    claim();
    assertThat(claims).isEmpty();

    turn.conclude(ANSWER);
    loop.runPendingTasks();

    assertThat(claims).containsExactly(new Claim.Concluded(ANSWER), new Claim.Concluded(ANSWER));
  }

  @Test
  void makesOneOfThoseWhoWaitTheFirstWhereTheNameIsLetGo() {
    Turn turn = first();
    claim();
    claim();

    turn.letGo();
    loop.runPendingTasks();

    assertThat(claims).hasSize(1).first().isInstanceOf(Claim.First.class);
    ((Claim.First) claims.getFirst()).turn().conclude(ANSWER);
    loop.runPendingTasks();
    assertThat(claims).hasSize(2).last().isEqualTo(new Claim.Concluded(ANSWER));
  }

  @Test
  void asksMoreAndMoreSeldomAndGivesUpInTheEnd() {
    first();
    int before = keeper.asked;
    claim();

    pass(ClaimDesk.PATIENCE_MILLIS - 1);
    assertThat(claims).isEmpty();
    assertThat(keeper.asked - before).isBetween(60, 75);
    pass(1);

    assertThat(claims).containsExactly(new Claim.UnderWay());
    int then = keeper.asked;
    pass(ClaimDesk.PATIENCE_MILLIS);
    assertThat(keeper.asked).as("asks no more").isEqualTo(then);
  }

  @Test
  void waitsForNoAnswerToAnotherBody() {
    first();

    desk.claim(new Identity("name", "other", IDENTITY.seal()), loop.eventLoop(), claims::add);

    assertThat(claims).containsExactly(new Claim.Mismatch());
  }

  private Turn first() {
    claim();
    Claim.First first = (Claim.First) claims.removeFirst();
    return first.turn();
  }

  private void claim() {
    desk.claim(IDENTITY, loop.eventLoop(), claims::add);
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      loop.runScheduledPendingTasks();
    }
  }
}
