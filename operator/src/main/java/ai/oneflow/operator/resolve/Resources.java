package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Everything that configuration is made of, as it is at one moment.
///
/// @param secrets at least those that the resources name
/// @param namespaces for their labels; a namespace that is missing here has none
/// @param unminted why the API server does not take the Secret of an ApiKey, by the ApiKey's
///     `namespace/name`
public record Resources(
    List<LLMGateway> gateways,
    List<LLMProvider> providers,
    List<RoutingPolicy> policies,
    List<ApiKey> keys,
    List<QuotaPolicy> quotas,
    Collection<Secret> secrets,
    Collection<Namespace> namespaces,
    Map<String, String> unminted) {
  public Resources {
    gateways = List.copyOf(gateways);
    providers = List.copyOf(providers);
    policies = List.copyOf(policies);
    keys = List.copyOf(keys);
    quotas = List.copyOf(quotas);
    secrets = List.copyOf(secrets);
    namespaces = List.copyOf(namespaces);
    unminted = Map.copyOf(unminted);
  }
}
