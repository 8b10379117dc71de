package ai.oneflow.snapshot;

import java.util.Optional;

/// Why a gateway refuses a snapshot.
///
/// @param entry the entry at fault; empty where the message as a whole is
/// @param reason a sentence for a person, without secrets
public record Refusal(Optional<EntryKey> entry, String reason) {
  public Refusal {
    Require.text("a refusal's reason", reason);
  }
}
