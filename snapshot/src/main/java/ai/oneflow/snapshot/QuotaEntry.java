package ai.oneflow.snapshot;

import java.util.List;
import java.util.Map;

/// A QuotaPolicy: limits on everything that its subject matches.
///
/// @param subject dimension (`user`, `project`, `provider`, `model`, `namespace`) to value; `*`
/// means one counter for
///     each value; empty means everything together
public record QuotaEntry(
    String namespace,
    String name,
    long generation,
    Map<String, String> subject,
    List<RateLimit> requests,
    boolean shadow)
    implements Entry {

  public QuotaEntry {
    Require.text("a quota's namespace", namespace);
    Require.text("a quota's name", name);
    Require.atLeast("generation", 0, generation);
    subject = Map.copyOf(subject);
    requests = List.copyOf(requests);
  }
}
