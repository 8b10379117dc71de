package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.AllowedNamespaces;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// The judgement on every resource, and who serves whom.
///
/// A pure function of [Resources]: the same in, the same out, in the operator as in standalone
/// mode.
/// A resource that cannot be served takes none of the others with it.
public final class Resolution {
  private final NavigableMap<EntryKey, Judgement> judgements = new TreeMap<>();
  private final Map<EntryKey, AllowedNamespaces> served = new TreeMap<>();
  private final Grants grants;
  private final SecretIndex secrets;

  private Resolution(Grants grants, SecretIndex secrets) {
    this.grants = grants;
    this.secrets = secrets;
  }

  public static Resolution of(Resources resources) {
    Grants grants = new Grants(resources.namespaces());
    SecretIndex secrets = new SecretIndex(resources.secrets());
    Resolution resolution = new Resolution(grants, secrets);
    resolution.judge(resources.gateways(), new GatewayResolver(secrets)::resolve);
    resolution.judge(resources.providers(), new ProviderResolver(secrets)::resolve);
    resolution.judge(
        resources.policies(), new PolicyResolver(resources.providers(), grants)::resolve);
    resolution.judge(resources.keys(), new KeyResolver(secrets, resources.unminted())::resolve);
    resolution.judge(resources.quotas(), new QuotaResolver(resources.providers(), grants)::resolve);
    resources.gateways().forEach(resolution::open);
    return resolution;
  }

  private <R> void judge(List<R> resources, Function<R, Judgement> resolver) {
    for (R resource : resources) {
      Judgement judgement = resolver.apply(resource);
      judgements.put(judgement.key(), judgement);
    }
  }

  private void open(LLMGateway gateway) {
    served.put(
        new EntryKey(
            Kind.LLM_GATEWAY,
            gateway.getMetadata().getNamespace(),
            gateway.getMetadata().getName()),
        gateway.getSpec() == null ? AllowedNamespaces.SAME : gateway.getSpec().allowedNamespaces());
  }

  /// By key, in order.
  public NavigableMap<EntryKey, Judgement> judgements() {
    return Collections.unmodifiableNavigableMap(judgements);
  }

  /// The Secrets that resources refer to, whether they are there or not, as `namespace/name`.
  public Set<String> secrets() {
    return secrets.lookedFor();
  }

  /// Whether the pods of a gateway serve the resource of this key: those of the namespaces that it
  /// allows, and of gateways only itself.
  public boolean serves(EntryKey gateway, EntryKey resource) {
    if (resource.kind() == Kind.LLM_GATEWAY) {
      return gateway.equals(resource);
    }
    AllowedNamespaces allowed = served.get(gateway);
    return allowed != null && grants.permits(allowed, gateway.namespace(), resource.namespace());
  }
}
