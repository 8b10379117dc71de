package ai.oneflow.snapshot;

/// The gateway runs `version` from now on.
public record Ack(long nonce, SnapshotVersion version) implements FromGateway {}
