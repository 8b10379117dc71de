package ai.oneflow.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;

/// What was applied last, and what the API server made of it.
///
/// @param fields as they were sent
/// @param owned the same fields as they came back
/// @param response the whole object
record Written(JsonNode fields, JsonNode owned, GenericKubernetesResource response, Instant at) {}
