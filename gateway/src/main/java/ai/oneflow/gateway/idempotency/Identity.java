package ai.oneflow.gateway.idempotency;

/// What a request is recognized by. Neither part tells what a caller sent.
///
/// @param name hash of the caller's key, the surface, the model and the name that the caller gave
///     it: what is claimed
/// @param body hash of the body: what must be the same under the same name
/// @param seal what its answer is sealed with where others could read it
public record Identity(String name, String body, AnswerSeal seal) {}
