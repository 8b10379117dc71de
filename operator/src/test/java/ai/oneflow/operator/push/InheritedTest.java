package ai.oneflow.operator.push;

import static ai.oneflow.operator.push.PodsOfAFleet.MAIN;
import static ai.oneflow.operator.push.PodsOfAFleet.quota;
import static ai.oneflow.operator.push.PodsOfAFleet.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.push.PodsOfAFleet.Pod;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an operator knows of the time before it.
class InheritedTest {
  private static final Optional<SnapshotVersion> FIRST = Optional.of(snapshot(1).version());

  private final PodsOfAFleet pods = new PodsOfAFleet();
  private final Fleet fleet = pods.fleet;

  @Test
  void podsThatRunWhatWasKeptAreSentWhatDiffers() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(1, 2));

    Pod one = pods.join("main-0", FIRST);
    Pod other = pods.join("main-1", FIRST);

    assertThat(one.only().base()).isEqualTo(FIRST);
    assertThat(one.only().delta().upserts()).containsExactly(quota(2));
    assertThat(other.received).as("one tries").isEmpty();
    one.ack();
    assertThat(other.only().base()).isEqualTo(FIRST);
  }

  @Test
  void podsThatCameBeforeAnythingWasKnownAreSentWhatDiffersAsWell() {
    Pod one = pods.join("main-0", FIRST);
    Pod other = pods.join("main-1", FIRST);

    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(1, 2));

    assertThat(one.only().base()).isEqualTo(FIRST);
    one.ack();
    assertThat(other.only().base()).isEqualTo(FIRST);
  }

  @Test
  void podsThatCameBeforeTheFirstSnapshotAndRunItAreSentNothing() {
    Pod one = pods.join("main-0", FIRST);

    fleet.publish(MAIN, snapshot(1));

    assertThat(one.received).isEmpty();
    assertThat(fleet.instances(MAIN).getFirst().runs()).contains(snapshot(1));
    assertThat(fleet.accepted(MAIN)).contains(snapshot(1));
  }

  @Test
  void whatWasKeptNeedsNoTrialWhereItIsStillTheNewest() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(1));

    Pod one = pods.join("main-0", Optional.empty());
    Pod other = pods.join("main-1", Optional.empty());

    assertThat(one.only().version()).isEqualTo(snapshot(1).version());
    assertThat(other.only().version()).isEqualTo(snapshot(1).version());
  }

  @Test
  void aPodThatHoldsNothingIsSentWhatWasKeptWhileAnotherTries() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(2));
    pods.join("main-0", FIRST);

    Pod started = pods.join("main-1", Optional.empty());

    assertThat(started.only().version()).isEqualTo(snapshot(1).version());
  }

  @Test
  void aPodThatRunsWhatNobodyKnowsIsNotBroughtBackToWhatWasKept() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(3));
    Pod trying = pods.join("main-0", FIRST);

    Pod ahead = pods.join("main-1", Optional.of(snapshot(2).version()));

    assertThat(ahead.received).isEmpty();
    trying.ack();
    assertThat(ahead.only().version()).isEqualTo(snapshot(3).version());
  }

  @Test
  void whatAPodRefusesThatRunsNothingKnownIsHeldAgainstWhatWasKept() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(2));
    Pod pod = pods.join("main-0", Optional.of(snapshot(7).version()));

    pod.nack(new Refusal(Optional.of(quota(2).key()), "no such thing"));

    assertThat(pods.heard.rejections.getFirst().kept()).contains(snapshot(1));
  }

  @Test
  void whatOthersAcceptedMeanwhileIsNothingToFallBackTo() {
    fleet.inherit(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(2));
    pods.join("main-0", FIRST).ack();
    Pod other = pods.join("main-1", Optional.empty());

    other.nack(new Refusal(Optional.of(quota(2).key()), "no such thing"));

    assertThat(pods.heard.rejections.getFirst().kept()).contains(snapshot(1));
  }
}
