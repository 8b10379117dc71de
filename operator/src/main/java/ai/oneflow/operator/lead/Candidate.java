package ai.oneflow.operator.lead;

import java.util.Optional;

/// Who wants to lead.
///
/// @param namespace where the Lease is
/// @param pod in it; empty where the operator is none, so that nobody needs to find it
/// @param identity a name that no other candidate has
public record Candidate(String namespace, Optional<String> pod, String identity) {}
