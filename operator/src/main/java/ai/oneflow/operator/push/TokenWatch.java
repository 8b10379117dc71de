package ai.oneflow.operator.push;

import ai.oneflow.operator.push.Caller.Admission;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reviews the tokens of open streams again and again, so that a stream outlives its token by a
/// minute at most: a pod that was deleted, or a service account that was, does not stay connected.
/// A gateway whose token has merely expired comes back at once with the one that the kubelet has
/// put in its place.
final class TokenWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenWatch.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  static final Duration REVIEW_AFTER = Duration.ofMinutes(1);
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final Fleet fleet;
  private final TokenReview review;
  private final Clock clock;
  private final Thread thread;

  /// Does not tick before [#start].
  TokenWatch(Fleet fleet, TokenReview review, Clock clock) {
    this.fleet = fleet;
    this.review = review;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("push-token-watch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(TICK);
        tick();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends what must end now.
  void tick() {
    fleet.endUnanswered(ANSWER_WITHIN);
    fleet.tryFurther();
    for (GatewayStream stream : fleet.reviewedBefore(clock.instant().minus(REVIEW_AFTER))) {
      try {
        review(stream);
      } catch (RuntimeException e) {
        // Else nobody would watch over the tokens of the others any more.
        LOG.error("the review of a token failed", e);
      }
    }
  }

  private void review(GatewayStream stream) {
    switch (Caller.admit(stream.caller.token(), review)) {
      case Admission.Granted _ -> fleet.reviewed(stream);
      case Admission.Denied(var status) when status.getCode() == Status.Code.UNAVAILABLE ->
          // Nobody can say now. The stream stays, and the next tick asks again.
          LOG.warn("cannot review a token again: {}", status.getDescription());
      case Admission.Denied(var status) -> fleet.end(stream, status);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
