package ai.oneflow.operator.push;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.TokenReview.Verdict;
import io.grpc.Context;
import io.grpc.Status;

/// Whose stream this is, proven by a token that is kept to be reviewed again.
record Caller(GatewayId gateway, String token) {
  static final Context.Key<Caller> CURRENT = Context.key("oneflow-push-caller");

  /// Lets a token's owner in as the gateway that its service account stands for.
  static Admission admit(String token, TokenReview review) {
    return switch (review.review(token)) {
      case Verdict.Authentic(var namespace, var account) -> admit(token, namespace, account);
      case Verdict.Refused(var reason) ->
          new Admission.Denied(Status.UNAUTHENTICATED.withDescription(reason));
      case Verdict.Unknown(var reason) ->
          new Admission.Denied(Status.UNAVAILABLE.withDescription(reason));
    };
  }

  private static Admission admit(String token, String namespace, String account) {
    return GatewayId.ofServiceAccount(namespace, account)
        .<Admission>map(gateway -> new Admission.Granted(new Caller(gateway, token)))
        .orElseGet(
            () ->
                new Admission.Denied(
                    Status.PERMISSION_DENIED.withDescription(
                        "service account "
                            + namespace
                            + "/"
                            + account
                            + " is no gateway's: it must be named <gateway>"
                            + GatewayId.SERVICE_ACCOUNT_SUFFIX)));
  }

  /// The token is a credential.
  @Override
  public String toString() {
    return "Caller[" + gateway + "]";
  }

  sealed interface Admission {
    record Granted(Caller caller) implements Admission {}

    record Denied(Status status) implements Admission {}
  }
}
