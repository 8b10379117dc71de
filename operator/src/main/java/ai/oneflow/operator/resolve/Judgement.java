package ai.oneflow.operator.resolve;

import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import java.util.List;
import java.util.Optional;

/// What came out for one resource, whichever gateways serve it.
///
/// @param created the resource's `creationTimestamp`; empty where it has none
/// @param claims public model names that it wants for itself, whether it can be served or not
/// @param notInForce fields that are set and that this version does not act on
/// @param accepted `Accepted`
/// @param resolvedRefs `ResolvedRefs`
/// @param entry what gateways are to be told; present also where a part of the resource cannot be
///     served but the rest can
public record Judgement(
    EntryKey key,
    long generation,
    String created,
    List<String> claims,
    List<String> notInForce,
    Verdict accepted,
    Verdict resolvedRefs,
    Optional<Entry> entry) {
  public Judgement {
    claims = List.copyOf(claims);
    notInForce = List.copyOf(notInForce);
  }
}
