package ai.oneflow.gateway.exchange.replay;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.idempotency.Claim;
import ai.oneflow.gateway.idempotency.ClaimDesk;
import ai.oneflow.gateway.idempotency.Conclusion;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// Finds out whether a request was made before, by its `Idempotency-Key`
/// (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>). Shared by all
/// event loops.
public final class Replayer {
  private static final AsciiString NAME = AsciiString.cached("idempotency-key");
  private static final int LONGEST_NAME = 255;
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Repetition MALFORMED =
      refused(
          GatewayError.inField(
              ErrorCode.INVALID_VALUE,
              "Idempotency-Key",
              "Send one Idempotency-Key of 1 to " + LONGEST_NAME + " visible ASCII characters."));
  private static final Repetition MISMATCH =
      refused(
          GatewayError.of(
              ErrorCode.IDEMPOTENCY_KEY_REUSED,
              "This Idempotency-Key was used with another body; use a new one for a new request."));
  private static final Repetition UNDER_WAY =
      refused(
          GatewayError.retryAfter(
              ErrorCode.IDEMPOTENCY_IN_FLIGHT,
              SOON,
              "A request with this Idempotency-Key is still under way."));
  private static final Repetition NOT_KEPT =
      refused(
          GatewayError.of(
              ErrorCode.IDEMPOTENCY_NOT_REPLAYABLE,
              "A request with this Idempotency-Key was answered; the answer was not kept."));
  private static final Repetition UNREACHABLE =
      refused(
          GatewayError.retryAfter(
              ErrorCode.IDEMPOTENCY_UNAVAILABLE,
              SOON,
              "Whether this Idempotency-Key was used before cannot be told at present."));

  private final ClaimDesk desk;

  public Replayer(ClaimDesk desk) {
    this.desk = desk;
  }

  /// Whose request it is, and what it asks for.
  public record Request(CompiledKey key, ParsedRequest parsed, HttpHeaders headers) {}

  /// Whether the caller gives its request a name.
  public boolean concerns(HttpHeaders headers) {
    return headers.contains(NAME);
  }

  /// Waits while an earlier request of the same name is under way, up to half a minute.
  ///
  /// @param loop the request's event loop
  /// @param then called once, maybe before this returns
  public void look(Request request, ScheduledExecutorService loop, Consumer<Repetition> then) {
    List<String> names = request.headers().getAll(NAME);
    if (names.size() != 1 || !isWellFormed(names.getFirst())) {
      then.accept(MALFORMED);
      return;
    }
    desk.claim(
        RequestIdentity.of(
            request.key().id(), request.parsed(), names.getFirst(), request.headers()),
        loop,
        claim -> then.accept(repetition(claim, loop)));
  }

  private static boolean isWellFormed(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && name.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }

  private static Repetition repetition(Claim claim, ScheduledExecutorService loop) {
    return switch (claim) {
      case Claim.First(var turn) -> new Repetition.First(new Recorder(turn, loop));
      case Claim.Concluded(Conclusion.Kept(var answer)) -> new Repetition.Again(answer);
      case Claim.Concluded(Conclusion.NotKept()) -> NOT_KEPT;
      case Claim.UnderWay() -> UNDER_WAY;
      case Claim.Mismatch() -> MISMATCH;
      case Claim.Unreachable() -> UNREACHABLE;
    };
  }

  private static Repetition refused(GatewayError error) {
    return new Repetition.Refused(error);
  }
}
