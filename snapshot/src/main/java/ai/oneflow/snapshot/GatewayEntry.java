package ai.oneflow.snapshot;

import java.util.List;
import java.util.Optional;

/// What an LLMGateway says for all of its pods. A snapshot has exactly one.
///
/// @param maxRequestBytes the largest request body that is accepted, counted as received
/// @param requestsPerUser the limit of a user whose key names none
/// @param redis where limits are counted; empty: in the memory of the one pod
public record GatewayEntry(
    String namespace,
    String name,
    long generation,
    long maxRequestBytes,
    List<RateLimit> requestsPerUser,
    Optional<RedisEntry> redis,
    Optional<WebhookEntry> webhook)
    implements Entry {

  public GatewayEntry {
    Require.text("a gateway's namespace", namespace);
    Require.text("a gateway's name", name);
    Require.atLeast("generation", 0, generation);
    Require.atLeast("maxRequestBytes", 1, maxRequestBytes);
    requestsPerUser = List.copyOf(requestsPerUser);
  }
}
