package ai.oneflow.gateway.error;

import java.time.Duration;
import java.util.Optional;

/// An error that a caller is told.
///
/// @param message a sentence for a person, without secrets
/// @param param the field of the request that is at fault; empty where none is
/// @param retryAfter when to come again; empty where that would not help or is not known
public record GatewayError(
    ErrorCode code, String message, String param, Optional<Duration> retryAfter) {

  public static GatewayError of(ErrorCode code, String message) {
    return new GatewayError(code, message, "", Optional.empty());
  }

  /// An error in one field of the request.
  public static GatewayError inField(ErrorCode code, String param, String message) {
    return new GatewayError(code, message, param, Optional.empty());
  }

  public static GatewayError retryAfter(ErrorCode code, Duration delay, String message) {
    return new GatewayError(code, message, "", Optional.of(delay));
  }
}
