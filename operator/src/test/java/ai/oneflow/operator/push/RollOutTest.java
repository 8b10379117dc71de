package ai.oneflow.operator.push;

import static ai.oneflow.operator.push.PodsOfAFleet.MAIN;
import static ai.oneflow.operator.push.PodsOfAFleet.quota;
import static ai.oneflow.operator.push.PodsOfAFleet.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.push.PodsOfAFleet.Pod;
import ai.oneflow.snapshot.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollOutTest {
  private final PodsOfAFleet pods = new PodsOfAFleet();
  private final Fleet fleet = pods.fleet;
  private List<Pod> all = List.of();

  @BeforeEach
  void threePodsThatRunTheFirstSnapshot() {
    fleet.publish(MAIN, snapshot(1));
    all = IntStream.range(0, 3).mapToObj(this::pod).toList();
    all.forEach(Pod::ack);
    all.forEach(pod -> pod.received.clear());
  }

  private Pod pod(int number) {
    return pods.join("main-" + number, Optional.empty());
  }

  @Test
  void onePodTriesAndTheOthersGetItWhenThatHasAccepted() {
    fleet.publish(MAIN, snapshot(2));

    assertThat(received()).containsExactly(1, 0, 0);
    all.getFirst().ack();

    assertThat(received()).containsExactly(1, 1, 1);
    assertThat(all.get(1).received.getLast()).isSameAs(all.get(2).received.getLast());
  }

  @Test
  void whatOnePodRefusesGoesNoFurther() {
    fleet.publish(MAIN, snapshot(2));
    all.getFirst().nack(new Refusal(Optional.of(quota(2).key()), "no such thing"));
    pods.clock.pass(Duration.ofMinutes(5));
    fleet.tryFurther();

    assertThat(received()).containsExactly(1, 0, 0);
    assertThat(runs()).allMatch(version -> version.equals(snapshot(1).version().toString()));
  }

  @Test
  void afterARefusalAnotherPodTriesWhatComesNext() {
    fleet.publish(MAIN, snapshot(2));
    all.getFirst().nack(new Refusal(Optional.empty(), "my own fault"));
    all.getFirst().nack(new Refusal(Optional.empty(), "my own fault"));

    fleet.publish(MAIN, snapshot(3));

    assertThat(received()).containsExactly(2, 1, 0);
    all.get(1).ack();
    assertThat(received()).containsExactly(3, 1, 1);
  }

  @Test
  void aPodThatDoesNotAnswerSoonIsNotWaitedFor() {
    fleet.publish(MAIN, snapshot(2));
    fleet.tryFurther();
    assertThat(received()).containsExactly(1, 0, 0);

    pods.clock.pass(RollOut.ANSWER_SOON);
    fleet.tryFurther();
    assertThat(received()).containsExactly(1, 1, 0);
    fleet.tryFurther();
    assertThat(received()).containsExactly(1, 1, 0);

    all.get(1).ack();
    assertThat(received()).containsExactly(1, 1, 1);
  }

  @Test
  void aSnapshotThatEndsPodsEndsOneAtATimeAndEverMoreRarely() {
    fleet.publish(MAIN, snapshot(2));
    fleet.lost(all.getFirst().stream());
    assertThat(received()).as("one loss may be chance").containsExactly(1, 1, 0);

    fleet.lost(all.get(1).stream());
    assertThat(received()).as("two may not").containsExactly(1, 1, 0);
    pods.clock.pass(Duration.ofSeconds(4));
    fleet.tryFurther();
    assertThat(received()).containsExactly(1, 1, 0);

    pods.clock.pass(Duration.ofSeconds(1));
    fleet.tryFurther();
    assertThat(received()).containsExactly(1, 1, 1);
    fleet.lost(all.get(2).stream());

    Pod back = pods.join("main-0", Optional.of(snapshot(1).version()));
    pods.clock.pass(Duration.ofSeconds(9));
    fleet.tryFurther();
    assertThat(back.received).isEmpty();
    fleet.publish(MAIN, snapshot(3));
    assertThat(back.only().version()).as("what is new is tried").isEqualTo(snapshot(3).version());
  }

  @Test
  void aPodThatStartsIsSentWhatWasAcceptedLast() {
    fleet.publish(MAIN, snapshot(2));

    Pod started = pods.join("main-3", Optional.empty());

    assertThat(started.only().version()).isEqualTo(snapshot(1).version());
    started.ack();
    assertThat(started.received).hasSize(1);
    all.getFirst().ack();
    assertThat(started.last().version()).isEqualTo(snapshot(2).version());
  }

  @Test
  void aPodThatHoldsNothingIsSentTheNewestWhereNothingWasAcceptedYet() {
    PodsOfAFleet young = new PodsOfAFleet();
    Pod one = young.join("main-0", Optional.empty());
    Pod other = young.join("main-1", Optional.empty());

    young.fleet.publish(MAIN, snapshot(1));

    assertThat(one.only().version()).isEqualTo(snapshot(1).version());
    assertThat(other.only().version()).isEqualTo(snapshot(1).version());
  }

  @Test
  void ofPodsThatRunWhatAFormerOperatorSentOneTries() {
    PodsOfAFleet later = new PodsOfAFleet();
    later.fleet.publish(MAIN, snapshot(2));

    Pod one = later.join("main-0", Optional.of(snapshot(1).version()));
    Pod other = later.join("main-1", Optional.of(snapshot(1).version()));

    assertThat(one.only().base()).isEmpty();
    assertThat(other.received).isEmpty();
    one.ack();
    assertThat(other.only().version()).isEqualTo(snapshot(2).version());
  }

  @Test
  void whatAPodRunsAlreadyNeedsNoTrial() {
    PodsOfAFleet later = new PodsOfAFleet();
    later.fleet.publish(MAIN, snapshot(2));
    Pod behind = later.join("main-1", Optional.of(snapshot(1).version()));
    Pod waiting = later.join("main-2", Optional.of(snapshot(1).version()));
    assertThat(waiting.received).isEmpty();

    later.join("main-0", Optional.of(snapshot(2).version()));

    assertThat(behind.received).hasSize(1);
    assertThat(waiting.only().version()).isEqualTo(snapshot(2).version());
  }

  @Test
  void changesThatComeFasterThanAnswersReachEverybodyAllTheSame() {
    Pod first = all.getFirst();
    for (int next = 2; next < 12; next++) {
      fleet.publish(MAIN, snapshot(next));
      fleet.publish(MAIN, snapshot(next, next + 1));
      Stream.of(first, all.get(1), all.get(2))
          .filter(pod -> !pod.received.isEmpty() && pod.awaitsAnswer())
          .forEach(Pod::ack);
    }

    assertThat(all).allSatisfy(pod -> assertThat(pod.received).hasSizeGreaterThan(4));
  }

  @Test
  void aPodThatAnswersAfterManyChangesIsBelievedAllTheSame() {
    for (int next = 2; next < 60; next++) {
      fleet.publish(MAIN, snapshot(next));
    }

    all.forEach(pod -> assertThat(pod.received.size()).isLessThan(3));
    for (int answers = 0; answers < 3; answers++) {
      all.stream().filter(Pod::awaitsAnswer).forEach(Pod::ack);
    }

    assertThat(runs()).containsOnly(snapshot(59).version().toString());
  }

  @Test
  void whatWasAcceptedOnceIsNotTriedAgain() {
    fleet.publish(MAIN, snapshot(2));
    all.getFirst().ack();
    all.get(1).ack();
    all.get(2).ack();

    fleet.publish(MAIN, snapshot(1));

    assertThat(received()).containsExactly(2, 2, 2);
  }

  @Test
  void aPodIsNotBroughtBackToWhatOthersStillRun() {
    fleet.publish(MAIN, snapshot(2));
    all.getFirst().ack();
    fleet.publish(MAIN, snapshot(3));

    assertThat(all.getFirst().last().version()).isEqualTo(snapshot(3).version());
    all.get(1).ack();
    all.get(2).ack();

    assertThat(received()).containsExactly(2, 1, 1);
  }

  private List<Integer> received() {
    return all.stream().map(pod -> pod.received.size()).toList();
  }

  private List<String> runs() {
    return fleet.instances(MAIN).stream()
        .map(pod -> pod.runs().orElseThrow().version().toString())
        .toList();
  }
}
