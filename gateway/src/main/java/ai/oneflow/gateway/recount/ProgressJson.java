package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/// How far a request has come, as its gateway leaves it in its lease for whoever finds it dead.
///
/// @param opening what was known when it began
/// @param outputTokens those that had passed
record ProgressJson(Opening opening, long outputTokens) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  byte[] encode() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  /// @throws IOException where another version wrote it otherwise
  static ProgressJson decode(byte[] json) throws IOException {
    return JSON.readValue(json, ProgressJson.class);
  }

  EventId id() {
    return opening.id();
  }

  /// The event of the request whose gateway died.
  UsageEvent cutShort() {
    return opening.cutShort(0, outputTokens);
  }
}
