package ai.oneflow.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An ApiKey: a caller, known by the hashes of its keys and never by the keys.
///
/// @param hashes the current key first, then those that may still be in their grace; at least one
/// @param models patterns of the public names that it may ask for (`*` stands for any text); empty:
/// all
/// @param requests limits on the number of requests, all in force together
/// @param tokens limits on the number of tokens, all in force together
/// @param prepaid whether it spends what was topped up and nothing else
/// @param maxConcurrent requests under way at once; 0: no limit
public record KeyEntry(
    String namespace,
    String name,
    long generation,
    List<Hash> hashes,
    String user,
    String project,
    List<String> models,
    List<RateLimit> requests,
    List<RateLimit> tokens,
    List<BudgetEntry> budgets,
    boolean prepaid,
    int maxConcurrent,
    boolean suspended,
    Optional<Instant> expiresAt)
    implements Entry {

  public KeyEntry {
    Require.text("a key's namespace", namespace);
    Require.text("a key's name", name);
    Require.atLeast("generation", 0, generation);
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty()) {
      throw new IllegalArgumentException("hashes must not be empty");
    }
    models = List.copyOf(models);
    requests = List.copyOf(requests);
    tokens = List.copyOf(tokens);
    budgets = List.copyOf(budgets);
    Require.atLeast("maxConcurrent", 0, maxConcurrent);
  }

  /// A key that is accepted.
  ///
  /// @param sha256 of the key's ASCII bytes, 64 lower-case hexadecimal digits
  /// @param validUntil the end of the grace of a rotated key; empty for the current one
  public record Hash(String sha256, Optional<Instant> validUntil) {
    public Hash {
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("sha256 must be 64 lower-case hexadecimal digits");
      }
    }
  }
}
