package ai.oneflow.operator.build;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import java.util.Optional;

/// Names an LLMGateway, and with it everything that its pods share: a snapshot and a service
/// account.
public record GatewayId(String namespace, String name) {

  /// What an LLMGateway's name is extended by to name the service account of its pods.
  public static final String SERVICE_ACCOUNT_SUFFIX = "-gateway";

  /// The service account that the pods of this gateway run as, in the gateway's own namespace.
  public String serviceAccount() {
    return name + SERVICE_ACCOUNT_SUFFIX;
  }

  /// The gateway whose pods run as this service account; empty where it is no gateway's.
  public static Optional<GatewayId> ofServiceAccount(String namespace, String account) {
    int length = account.length() - SERVICE_ACCOUNT_SUFFIX.length();
    return length > 0 && account.endsWith(SERVICE_ACCOUNT_SUFFIX)
        ? Optional.of(new GatewayId(namespace, account.substring(0, length)))
        : Optional.empty();
  }

  public EntryKey entryKey() {
    return new EntryKey(Kind.LLM_GATEWAY, namespace, name);
  }

  /// As a person writes it: `ai/main`.
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
