package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Splitting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An honest answer before a script has had its way with it.
///
/// @param headers without those that frame the body; names in lower case
/// @param streamed chunked, one chunk for each part; otherwise one body of known length
/// @param usage what the provider bills for it, whether or not the answer says so
record Draft(
    int status, Map<String, String> headers, List<Part> parts, boolean streamed, Usage usage) {

  /// A piece of the body and how many completion tokens have been produced with it.
  record Part(Body bytes, int tokens) {}

  Draft {
    headers = new LinkedHashMap<>(headers);
    parts = List.copyOf(parts);
  }

  static Draft json(int status, String body, Usage usage) {
    return new Draft(
        status,
        Map.of("content-type", "application/json"),
        List.of(new Part(Body.ofText(body), usage.completionTokens())),
        false,
        usage);
  }

  static Draft of(OpenAiError error) {
    return json(error.status(), error.json(), Usage.NOTHING);
  }

  static Draft of(Outcome.Fixed fixed) {
    Map<String, String> headers = new LinkedHashMap<>(fixed.headers());
    headers.put("content-type", fixed.contentType());
    return new Draft(
        fixed.status(),
        headers,
        List.of(new Part(Body.ofText(fixed.body()), 0)),
        false,
        Usage.NOTHING);
  }

  static Draft events(List<Part> parts, Usage usage) {
    return new Draft(
        200, Map.of("content-type", "text/event-stream; charset=utf-8"), parts, true, usage);
  }

  Draft with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Draft(status, more, parts, streamed, usage);
  }

  /// As [#with], unless the header is there: a replayed answer keeps its own.
  Draft withUsual(String header, String value) {
    return headers.containsKey(header) ? this : with(header, value);
  }

  Draft withParts(List<Part> others, boolean asStream) {
    return new Draft(status, headers, others, asStream, usage);
  }

  /// The same bytes with each part cut further; the tokens go with a part's last piece.
  Draft split(Splitting splitting) {
    if (!streamed && splitting instanceof Splitting.Events) {
      return this;
    }
    List<Part> pieces = new ArrayList<>();
    for (Part part : parts) {
      List<Body> cut = splitting.split(part.bytes());
      for (int i = 0; i < cut.size(); i++) {
        pieces.add(new Part(cut.get(i), i == cut.size() - 1 ? part.tokens() : 0));
      }
    }
    return withParts(pieces, streamed || pieces.size() > 1);
  }

  int bodyBytes() {
    return parts.stream().mapToInt(part -> part.bytes().size()).sum();
  }
}
