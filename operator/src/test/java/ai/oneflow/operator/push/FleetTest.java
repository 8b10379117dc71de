package ai.oneflow.operator.push;

import static ai.oneflow.operator.push.PodsOfAFleet.MAIN;
import static ai.oneflow.operator.push.PodsOfAFleet.quota;
import static ai.oneflow.operator.push.PodsOfAFleet.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.push.PodsOfAFleet.Pod;
import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Push;
import ai.oneflow.snapshot.Refusal;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetTest {
  private final PodsOfAFleet pods = new PodsOfAFleet();
  private final SetClock clock = pods.clock;
  private final Fleet fleet = pods.fleet;

  @Test
  void sendsTheWholeToAGatewayThatHoldsNothing() {
    fleet.publish(MAIN, snapshot(1));

    Pod pod = pods.join("main-0", Optional.empty());

    Push push = pod.only();
    assertThat(push.base()).isEmpty();
    assertThat(push.version()).isEqualTo(snapshot(1).version());
    assertThat(push.delta().applyTo(GatewaySnapshot.of(List.of()))).isEqualTo(snapshot(1));
  }

  @Test
  void sendsTheDifferenceToAGatewayThatHoldsARecentSnapshot() {
    fleet.publish(MAIN, snapshot(1));
    fleet.publish(MAIN, snapshot(1, 2));

    Pod pod = pods.join("main-0", Optional.of(snapshot(1).version()));

    Push push = pod.only();
    assertThat(push.base()).contains(snapshot(1).version());
    assertThat(push.delta().upserts()).hasSize(1);
    assertThat(push.delta().applyTo(snapshot(1))).isEqualTo(snapshot(1, 2));
  }

  @Test
  void sendsNothingToAGatewayThatHoldsTheNewest() {
    fleet.publish(MAIN, snapshot(1));

    Pod pod = pods.join("main-0", Optional.of(snapshot(1).version()));

    assertThat(pod.received).isEmpty();
    assertThat(fleet.instances(MAIN))
        .containsExactly(new Instance("main-0", Optional.of(snapshot(1)), Optional.empty()));
  }

  @Test
  void sendsTheWholeWhereWhatIsHeldIsTooLongAgo() {
    for (int i = 1; i <= 20; i++) {
      fleet.publish(MAIN, snapshot(i));
    }

    Pod pod = pods.join("main-0", Optional.of(snapshot(1).version()));

    assertThat(pod.only().base()).isEmpty();
  }

  @Test
  void oneUnansweredPushAtATimeAndWhatComesMeanwhileCoalesces() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());

    fleet.publish(MAIN, snapshot(2));
    fleet.publish(MAIN, snapshot(3));
    assertThat(pod.received).hasSize(1);
    pod.ack();

    assertThat(pod.received).hasSize(2);
    assertThat(pod.last().version()).isEqualTo(snapshot(3).version());
    assertThat(pod.last().base()).contains(snapshot(1).version());
  }

  @Test
  void gatewaysThatNeedTheSameShareItsEncoding() {
    Pod one = pods.join("main-0", Optional.empty());
    Pod other = pods.join("main-1", Optional.empty());

    fleet.publish(MAIN, snapshot(1));

    assertThat(one.received.getLast()).isSameAs(other.received.getLast());
  }

  @Test
  void aConnectionThatBreaksInTheMiddleKeepsNothingFromTheOthers() {
    Pod breaking = pods.join("main-0", Optional.empty());
    Pod other = pods.join("main-1", Optional.empty());
    breaking.broken = true;

    fleet.publish(MAIN, snapshot(1));

    assertThat(other.only().version()).isEqualTo(snapshot(1).version());
    fleet.lost(breaking.stream());
    assertThat(fleet.instances(MAIN)).extracting(Instance::name).containsExactly("main-1");
  }

  @Test
  void aRefusalIsToldAndTheGatewayKeepsWhatItHad() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());
    pod.ack();
    fleet.publish(MAIN, snapshot(2));

    pod.nack(new Refusal(Optional.of(quota(2).key()), "no such thing"));

    assertThat(pod.received).hasSize(2);
    Rejection rejection = pods.heard.rejections.getFirst();
    assertThat(rejection.sent()).isEqualTo(snapshot(2));
    assertThat(rejection.kept()).contains(snapshot(1));
    assertThat(fleet.instances(MAIN).getFirst().runs()).contains(snapshot(1));
  }

  @Test
  void aGatewayThatRefusedIsSentTheNextSnapshotFromWhatItRuns() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());
    pod.ack();
    fleet.publish(MAIN, snapshot(2));
    pod.nack(new Refusal(Optional.of(quota(2).key()), "no such thing"));

    fleet.publish(MAIN, snapshot(1, 3));

    assertThat(pod.last().base()).contains(snapshot(1).version());
    pod.ack();
    assertThat(fleet.instances(MAIN).getFirst().rejection()).isEmpty();
  }

  @Test
  void aDeltaThatCannotBeAppliedIsFollowedByTheWholeOnce() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());
    pod.ack();
    fleet.publish(MAIN, snapshot(2));

    pod.nack(new Refusal(Optional.empty(), "holds something else"));
    assertThat(pod.last().base()).isEmpty();
    assertThat(pod.last().version()).isEqualTo(snapshot(2).version());
    pod.nack(new Refusal(Optional.empty(), "still"));

    assertThat(pod.received).hasSize(3);
    assertThat(pods.heard.rejections).hasSize(1);
  }

  @Test
  void aSecondStreamOfAnInstanceTakesOverFromTheFirst() {
    Pod first = pods.join("main-0", Optional.empty());

    Pod second = pods.join("main-0", Optional.empty());
    fleet.lost(first.stream());
    fleet.publish(MAIN, snapshot(1));

    assertThat(first.ended()).extracting(Status::getCode).isEqualTo(Status.Code.ABORTED);
    assertThat(second.received).hasSize(1);
    assertThat(fleet.instances(MAIN)).hasSize(1);
  }

  @Test
  void anAnswerToNothingEndsTheStream() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());

    fleet.acknowledged(pod.stream(), new Ack(99, snapshot(1).version()));

    assertThat(pod.ended().getDescription())
        .isEqualTo("ack for nonce 99 answers no push that awaits an answer");
    assertThat(fleet.instances(MAIN)).isEmpty();
  }

  @Test
  void aGatewayThatDoesNotAnswerIsLetGo() {
    fleet.publish(MAIN, snapshot(1));
    Pod silent = pods.join("main-0", Optional.empty());
    Pod prompt = pods.join("main-1", Optional.empty());
    prompt.ack();
    clock.pass(Duration.ofSeconds(31));

    fleet.endUnanswered(Duration.ofSeconds(30));

    assertThat(silent.ended().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(fleet.instances(MAIN)).extracting(Instance::name).containsExactly("main-1");
  }

  @Test
  void whatAPodSaysOfBreakersIsKeptAsLongAsItsStream() {
    Pod one = pods.join("main-0", Optional.empty());
    Pod other = pods.join("main-1", Optional.empty());
    assertThat(fleet.instances(MAIN)).allMatch(pod -> pod.breakers().isEmpty());

    fleet.breakers(one.stream(), breaker(BreakerStates.State.OPEN));
    fleet.breakers(other.stream(), new BreakerStates(List.of()));
    assertThat(breakers()).containsExactly("main-0 OPEN", "main-1 CLOSED");
    fleet.breakers(one.stream(), breaker(BreakerStates.State.HALF_OPEN));
    assertThat(breakers()).containsExactly("main-0 HALF_OPEN", "main-1 CLOSED");

    pods.join("main-0", Optional.empty());
    fleet.breakers(one.stream(), breaker(BreakerStates.State.OPEN));
    assertThat(breakers()).containsExactly("main-1 CLOSED");
    fleet.lost(other.stream());
    assertThat(breakers()).isEmpty();
    assertThat(pods.heard.breakers).isEqualTo(4);
  }

  private List<String> breakers() {
    EntryKey openai = new EntryKey(Kind.LLM_PROVIDER, "ai", "openai");
    return fleet.instances(MAIN).stream()
        .flatMap(pod -> pod.breakers().stream().map(b -> pod.name() + " " + b.of(openai, "gpt-4o")))
        .toList();
  }

  private static BreakerStates breaker(BreakerStates.State state) {
    return new BreakerStates(List.of(new BreakerStates.Breaker("ai", "openai", "gpt-4o", state)));
  }

  @Test
  void podsOfAGatewayThatIsGoneAreLetGo() {
    fleet.publish(MAIN, snapshot(1));
    Pod pod = pods.join("main-0", Optional.empty());

    fleet.withdraw(MAIN);

    assertThat(pod.ended().getDescription()).isEqualTo("no LLMGateway ai/main");
  }

  @Test
  void aTokenThatIsRefusedOnReviewEndsItsStream() {
    pods.join("main-0", Optional.empty());
    Pod pod = pods.join("main-1", Optional.empty());
    Clock later = Clock.offset(fixed(), TokenWatch.REVIEW_AFTER.plusSeconds(1));
    TokenReview review =
        token ->
            token.endsWith("main-1")
                ? new TokenReview.Verdict.Refused("expired")
                : new TokenReview.Verdict.Authentic("ai", "main-gateway");

    new TokenWatch(fleet, review, later).tick();

    assertThat(pod.ended().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(fleet.instances(MAIN)).extracting(Instance::name).containsExactly("main-0");
  }

  @Test
  void aReviewThatNobodyAnswersEndsNothing() {
    pods.join("main-0", Optional.empty());
    Clock later = Clock.offset(fixed(), TokenWatch.REVIEW_AFTER.plusSeconds(1));

    new TokenWatch(fleet, _ -> new TokenReview.Verdict.Unknown("away"), later).tick();

    assertThat(fleet.instances(MAIN)).hasSize(1);
  }

  @Test
  void aReviewThatFailsLeavesTheOthersToBeReviewed() {
    pods.join("main-0", Optional.empty());
    Pod pod = pods.join("main-1", Optional.empty());
    Clock later = Clock.offset(fixed(), TokenWatch.REVIEW_AFTER.plusSeconds(1));
    TokenReview review =
        token -> {
          if (token.endsWith("main-0")) {
            throw new IllegalStateException("a bug");
          }
          return new TokenReview.Verdict.Refused("expired");
        };

    new TokenWatch(fleet, review, later).tick();

    assertThat(pod.ended().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  private Clock fixed() {
    return Clock.fixed(clock.instant(), ZoneOffset.UTC);
  }
}
