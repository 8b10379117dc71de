package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What a gateway says to the operator: [Hello] once, then an answer to every [Push], and between
/// them what was spent, how breakers stand, which credentials
/// are refused and when keys were used.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Ack.class, name = "ack"),
  @JsonSubTypes.Type(value = Nack.class, name = "nack"),
  @JsonSubTypes.Type(value = Spending.class, name = "spending"),
  @JsonSubTypes.Type(value = Warning.class, name = "warning"),
  @JsonSubTypes.Type(value = BreakerStates.class, name = PushService.BREAKERS),
  @JsonSubTypes.Type(value = RefusedCredentials.class, name = PushService.REFUSED_CREDENTIALS),
  @JsonSubTypes.Type(value = KeyUses.class, name = PushService.KEY_USES),
})
public sealed interface FromGateway
    permits Hello, Ack, Nack, Spending, Warning, BreakerStates, RefusedCredentials, KeyUses {}
