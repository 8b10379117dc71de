package ai.oneflow.operator.push;

import ai.oneflow.snapshot.PushService;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks the API server (`authentication.k8s.io/v1` TokenReview).
public final class KubernetesTokenReview implements TokenReview {
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private final KubernetesClient client;

  public KubernetesTokenReview(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Verdict review(String token) {
    try {
      return verdict(ask(token));
    } catch (KubernetesClientException e) {
      return new Verdict.Unknown("the API server cannot review tokens: " + e.getMessage());
    }
  }

  private @Nullable TokenReviewStatus ask(String token) {
    return client
        .resource(
            new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(PushService.AUDIENCE)
                .endSpec()
                .build())
        .create()
        .getStatus();
  }

  private static Verdict verdict(@Nullable TokenReviewStatus status) {
    if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
      return new Verdict.Refused("the API server does not accept the token");
    }
    // An authenticator that knows no audiences leaves them out; then the token is not known to be
    // for us.
    List<String> audiences = status.getAudiences();
    if (audiences == null || !audiences.contains(PushService.AUDIENCE)) {
      return new Verdict.Refused("the token is not for the audience " + PushService.AUDIENCE);
    }
    return account(status.getUser().getUsername());
  }

  private static Verdict account(String username) {
    String[] parts = username.split(":", -1);
    if (!username.startsWith(SERVICE_ACCOUNT) || parts.length != 4) {
      return new Verdict.Refused("the token is no service account's");
    }
    return new Verdict.Authentic(parts[2], parts[3]);
  }
}
