package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.api.v1alpha1.Ledger;
import ai.oneflow.api.v1alpha1.Redis;
import ai.oneflow.api.v1alpha1.Webhook;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.Secret;
import ai.oneflow.snapshot.WebhookEntry;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judges what an LLMGateway says for all of its pods. Where a Secret is missing the rest holds
/// on: without an entry its pods would be told of no change at all. A Redis without its password
/// is one that is away, and warnings that cannot be signed are not posted.
final class GatewayResolver {
  private final SecretIndex secrets;

  GatewayResolver(SecretIndex secrets) {
    this.secrets = secrets;
  }

  Judgement resolve(LLMGateway gateway) {
    Findings findings = new Findings(Kind.LLM_GATEWAY, gateway);
    LLMGatewaySpec spec = gateway.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing; an empty one, {}, is enough");
    }
    noteWhatIsNotInForce(findings, spec);
    Optional<Secret> password = password(findings, spec.redis());
    Optional<Secret> signingKey = signingKey(findings, spec.webhook());
    checkPassword(findings, spec.ledger());
    return findings.judgeInPart(
        () ->
            new GatewayEntry(
                findings.namespace(),
                findings.name(),
                findings.generation(),
                spec.listener().maxRequestSize().bytes(),
                Limiting.of(spec.defaults().requestsPerUser()),
                Optional.ofNullable(spec.redis()).map(redis -> redis(redis, password)),
                Optional.ofNullable(spec.webhook())
                    .filter(webhook -> webhook.secretRef() == null || signingKey.isPresent())
                    .map(webhook -> webhook(webhook, signingKey))));
  }

  private Optional<Secret> password(Findings findings, @Nullable Redis redis) {
    return redis == null || redis.secretRef() == null
        ? Optional.empty()
        : secrets
            .value(findings, redis.secretRef().name(), redis.secretRef().key())
            .map(Secret::new);
  }

  /// The pods read it themselves, and do not start without.
  private void checkPassword(Findings findings, @Nullable Ledger ledger) {
    if (ledger != null && ledger.secretRef() != null) {
      secrets.value(findings, ledger.secretRef().name(), ledger.secretRef().key());
    }
  }

  private Optional<Secret> signingKey(Findings findings, @Nullable Webhook webhook) {
    return webhook == null || webhook.secretRef() == null
        ? Optional.empty()
        : secrets
            .value(findings, webhook.secretRef().name(), webhook.secretRef().key())
            .map(Secret::new);
  }

  private static RedisEntry redis(Redis redis, Optional<Secret> password) {
    return new RedisEntry(
        redis.url(),
        password,
        redis.cluster(),
        RedisEntry.Admission.valueOf(redis.admission().name()));
  }

  private static WebhookEntry webhook(Webhook webhook, Optional<Secret> signingKey) {
    return new WebhookEntry(URI.create(webhook.url()), signingKey);
  }

  private static void noteWhatIsNotInForce(Findings findings, LLMGatewaySpec spec) {
    findings.notInForce("spec.listener.tls", spec.listener().tls() != null);
    findings.notInForce("spec.jwt", !spec.jwt().isEmpty());
    findings.notInForce("spec.cors", spec.cors() != null);
    findings.notInForce("spec.tracing", spec.tracing() != null);
  }
}
