package ai.oneflow.operator.push;

/// Says whose a bearer token is. Called on virtual threads; may block.
public interface TokenReview {

  /// Judges a token for [ai.oneflow.snapshot.PushService#AUDIENCE].
  Verdict review(String token);

  /// What came out.
  sealed interface Verdict {
    /// The token is valid now, and this service account's.
    record Authentic(String namespace, String serviceAccount) implements Verdict {}

    /// It is not: forged, expired, revoked, for another audience, or no service account's.
    ///
    /// @param reason for the log and the caller, without the token
    record Refused(String reason) implements Verdict {}

    /// Nobody can say now; the caller may come again.
    record Unknown(String reason) implements Verdict {}
  }
}
