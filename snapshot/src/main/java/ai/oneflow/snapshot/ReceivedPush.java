package ai.oneflow.snapshot;

import java.util.List;

/// A [Push] as it arrives at a gateway, which may be older or newer than the operator that sent it.
public sealed interface ReceivedPush {

  /// Every entry is one that this version knows.
  record Understood(Push push) implements ReceivedPush {}

  /// The envelope can be read, some of what it carries cannot: the push is to be refused, entry by
  /// entry, so that the operator leaves out those and no others.
  ///
  /// @param refusals at least one; none of them quotes content, which may be secret
  record Garbled(long nonce, SnapshotVersion version, List<Refusal> refusals)
      implements ReceivedPush {
    public Garbled {
      refusals = List.copyOf(refusals);
    }

    /// What to answer.
    public Nack nack() {
      return new Nack(nonce, version, refusals);
    }
  }
}
