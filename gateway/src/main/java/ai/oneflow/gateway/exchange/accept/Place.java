package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import java.time.Duration;
import java.util.Optional;

/// What one request takes of what a gateway can take on: one of the requests under way on its event
/// loop, the bytes of its body, and those of an answer that is held until it is whole. Each is
/// given back once, whichever way the request ends; giving back again is without effect. One event
/// loop.
final class Place {
  /// What a piece takes beside its bytes: the buffers of a body in thousands of pieces would be a
  /// multiple of it.
  private static final int PIECE_BYTES = 256;

  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

  private final LoopPressure loop;
  private final BodyBudget bodies;
  private boolean counted;
  private long bodyBytes;
  private boolean bodyReleased;
  private long answerBytes;

  Place(LoopPressure loop) {
    this.loop = loop;
    this.bodies = loop.gateway().bodies();
  }

  /// Takes it, unless there is none.
  ///
  /// @param length of the body as the head tells it, 0 where it does not; so much of the body is
  ///     not there yet, and is taken as it comes
  /// @param nowNanos when the head came
  /// @return what the caller is to be told if there is none
  Optional<GatewayError> take(long length, long nowNanos) {
    if (!loop.begin(nowNanos)) {
      return overloaded("The gateway has more to do than it can.");
    }
    counted = true;
    return bodies.fits(length) ? Optional.empty() : tooManyBodies();
  }

  /// One more piece of the body has come. What comes after the body was given up is thrown away,
  /// and takes nothing.
  ///
  /// @return what the caller is to be told if there is no room for it
  Optional<GatewayError> add(int length) {
    if (bodyReleased || length == 0) {
      return Optional.empty();
    }
    long more = (long) length + PIECE_BYTES;
    if (!bodies.take(more)) {
      return tooManyBodies();
    }
    bodyBytes += more;
    return Optional.empty();
  }

  /// The body is not held any more.
  void bodyReleased() {
    bodyReleased = true;
    if (bodyBytes > 0) {
      bodies.giveBack(bodyBytes);
      bodyBytes = 0;
    }
  }

  /// Whether so much more of the answer may be held; otherwise it is to be passed on.
  boolean holdAnswer(int length) {
    long more = (long) length + PIECE_BYTES;
    if (!bodies.take(more)) {
      return false;
    }
    answerBytes += more;
    return true;
  }

  boolean holdsAnswer() {
    return answerBytes > 0;
  }

  /// Nothing of the answer is held any more.
  void answerReleased() {
    if (answerBytes > 0) {
      bodies.giveBack(answerBytes);
      answerBytes = 0;
    }
  }

  /// The caller is not served any more. Its body may be held on for its provider.
  void left() {
    if (counted) {
      counted = false;
      loop.ended();
    }
  }

  private Optional<GatewayError> tooManyBodies() {
    loop.gateway().shed(Pressure.Reason.BODIES);
    return overloaded("The gateway holds as much of requests as it can.");
  }

  private static Optional<GatewayError> overloaded(String message) {
    return Optional.of(GatewayError.retryAfter(ErrorCode.GATEWAY_OVERLOADED, COME_AGAIN, message));
  }
}
