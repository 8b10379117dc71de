package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicyStatus;
import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.Report.Urgency;
import ai.oneflow.operator.status.StatusQueue.Turn;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusQueueTest {
  private static final Duration EVERY = Duration.ofMillis(20);
  private static final int BURST = 100;
  private static final Duration MOST = Duration.ofSeconds(30);

  private final StatusQueue queue = new StatusQueue(new Pace(BURST, EVERY));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void tenThousandAreWrittenAtTheRateAndAllOfThem() {
    Instant began = now;
    for (int i = 0; i < 10_000; i++) {
      put("uid-" + i, i, Urgency.NEWS);
    }

    pass(StatusQueue.COALESCE);
    assertThat(writeAll()).hasSize(BURST);
    pass(Duration.ofSeconds(1));
    assertThat(writeAll()).hasSize(50);
    int written = BURST + 50;
    while (queue.size() > 0) {
      written += writeAll().size();
      pass(EVERY);
    }

    assertThat(written).isEqualTo(10_000);
    assertThat(Duration.between(began, now)).isBetween(seconds(198), seconds(200));
  }

  @Test
  void theNewestOfAResourceIsWrittenWhereTheFirstWasToBe() {
    put("one", 1, Urgency.NEWS);
    put("other", 2, Urgency.NEWS);
    put("one", 3, Urgency.NEWS);
    assertThat(queue.size()).isEqualTo(2);

    pass(StatusQueue.COALESCE);

    assertThat(writeAll()).containsExactly("one=3", "other=2");
  }

  @Test
  void whatChangesAgainAtOnceIsWrittenOnce() {
    put("one", 1, Urgency.NEWS);
    assertThat(queue.take(now)).isEqualTo(new Turn.Rest(StatusQueue.COALESCE));
    pass(StatusQueue.COALESCE.minusMillis(1));
    put("one", 2, Urgency.NEWS);
    assertThat(queue.take(now)).isEqualTo(new Turn.Rest(Duration.ofMillis(1)));

    pass(Duration.ofMillis(1));

    assertThat(writeAll()).containsExactly("one=2");
  }

  @Test
  void newsGoBeforeFiguresAndDoNotStarveThem() {
    for (int i = 0; i < 3; i++) {
      put("figure-" + i, i, Urgency.FIGURES);
    }
    for (int i = 0; i < 8; i++) {
      put("news-" + i, i, Urgency.NEWS);
    }
    pass(StatusQueue.COALESCE);

    assertThat(writeAll())
        .containsExactly(
            "news-0=0",
            "news-1=1",
            "news-2=2",
            "figure-0=0",
            "news-3=3",
            "news-4=4",
            "news-5=5",
            "figure-1=1",
            "news-6=6",
            "news-7=7",
            "figure-2=2");
  }

  @Test
  void figuresThatBecomeNewsGoAheadAndStayNews() {
    put("figure", 1, Urgency.FIGURES);
    put("both", 2, Urgency.FIGURES);
    put("both", 3, Urgency.NEWS);
    put("both", 4, Urgency.FIGURES);
    pass(StatusQueue.COALESCE);

    assertThat(writeAll()).containsExactly("both=4", "figure=1");
  }

  @Test
  void twoOfOneResourceAreNeverUnderWayAtOnce() {
    put("one", 1, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    assertThat(take()).isEqualTo("one=1");
    put("one", 2, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    assertThat(queue.take(now)).isInstanceOf(Turn.Rest.class);

    queue.written("one");

    assertThat(take()).isEqualTo("one=2");
  }

  @Test
  void noMoreThanSomeAreUnderWay() {
    for (int i = 0; i < BURST; i++) {
      put("uid-" + i, i, Urgency.NEWS);
    }
    pass(StatusQueue.COALESCE);
    for (int i = 0; i < StatusQueue.AT_ONCE; i++) {
      assertThat(take()).isEqualTo("uid-" + i + "=" + i);
    }
    assertThat(queue.take(now)).isInstanceOf(Turn.Rest.class);

    queue.written("uid-3");

    assertThat(take()).isEqualTo("uid-16=16");
  }

  @Test
  void whatFailedComesAgainBehindTheOthersUnlessANewerOneWaits() {
    put("one", 1, Urgency.NEWS);
    put("other", 1, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    assertThat(List.of(take(), take())).containsExactly("one=1", "other=1");
    put("other", 2, Urgency.NEWS);
    queue.failed("one", now, MOST);
    queue.failed("other", now, MOST);
    assertThat(queue.size()).isEqualTo(2);

    pass(StatusQueue.COALESCE);
    assertThat(writeAll()).containsExactly("other=2");
    pass(StatusQueue.RETRY_AFTER);
    assertThat(writeAll()).containsExactly("one=1");
  }

  @Test
  void whatFailsAgainAndAgainComesLessAndLessOften() {
    put("one", 1, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    for (int seconds : List.of(1, 2, 4, 8, 16, 30, 30)) {
      assertThat(take()).isEqualTo("one=1");
      queue.failed("one", now, MOST);
      assertThat(queue.take(now)).isEqualTo(new Turn.Rest(seconds(seconds)));
      pass(seconds(seconds));
    }

    assertThat(take()).isEqualTo("one=1");
    queue.written("one");
    put("one", 2, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    assertThat(take()).isEqualTo("one=2");
    queue.failed("one", now, MOST);
    assertThat(queue.take(now)).isEqualTo(new Turn.Rest(seconds(1)));
  }

  @Test
  void aNewerOneOfWhatCannotBeWrittenComesNoSooner() {
    put("one", 1, Urgency.NEWS);
    pass(StatusQueue.COALESCE);
    assertThat(take()).isEqualTo("one=1");
    queue.failed("one", now, MOST);
    pass(seconds(1));
    assertThat(take()).isEqualTo("one=1");
    put("one", 2, Urgency.NEWS);

    queue.failed("one", now, MOST);

    assertThat(queue.take(now)).isEqualTo(new Turn.Rest(seconds(2)));
    pass(seconds(2));
    assertThat(writeAll()).containsExactly("one=2");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOthersTheirTurns() {
    for (int i = 0; i < 1_000; i++) {
      put("refused-" + i, i, Urgency.NEWS);
    }
    int attempts = 0;
    for (int second = 0; second < 600; second++) {
      pass(seconds(1));
      while (queue.take(now) instanceof Turn.Write(var patch)) {
        attempts++;
        queue.failed(patch.getMetadata().getUid(), now, Duration.ofMinutes(5));
      }
    }

    assertThat(attempts).isLessThan(15_000);
    put("good", 1, Urgency.NEWS);
    pass(seconds(2));
    assertThat(writeAll()).contains("good=1");
  }

  @Test
  void whatIsGoneIsForgottenAlsoWhereItsWriteIsUnderWay() {
    put("gone", 1, Urgency.NEWS);
    put("there", 1, Urgency.FIGURES);
    pass(StatusQueue.COALESCE);
    assertThat(take()).isEqualTo("gone=1");

    queue.retain(Set.of("there"));
    queue.failed("gone", now, MOST);

    assertThat(queue.size()).isEqualTo(1);
    queue.clear();
    assertThat(queue.size()).isZero();
  }

  @Test
  void saysWhenThereIsAPermitAgain() {
    for (int i = 0; i <= BURST; i++) {
      put("uid-" + i, i, Urgency.NEWS);
    }
    pass(StatusQueue.COALESCE);
    writeAll();

    assertThat(queue.take(now)).isEqualTo(new Turn.Rest(EVERY));
  }

  private void put(String uid, long generation, Urgency urgency) {
    QuotaPolicy blank = new QuotaPolicy();
    blank.setMetadata(new ObjectMetaBuilder().withUid(uid).build());
    blank.setStatus(new QuotaPolicyStatus(generation, List.of()));
    queue.put(blank, urgency, now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// What may be written at this moment, each done before the next.
  private List<String> writeAll() {
    List<String> written = new ArrayList<>();
    while (queue.take(now) instanceof Turn.Write(var patch)) {
      written.add(shown((QuotaPolicy) patch));
      queue.written(patch.getMetadata().getUid());
    }
    return written;
  }

  private String take() {
    return queue.take(now) instanceof Turn.Write(var patch)
        ? shown((QuotaPolicy) patch)
        : "nothing";
  }

  private static String shown(QuotaPolicy patch) {
    QuotaPolicyStatus status = patch.getStatus();
    return patch.getMetadata().getUid() + "=" + (status == null ? "" : status.observedGeneration());
  }
}
