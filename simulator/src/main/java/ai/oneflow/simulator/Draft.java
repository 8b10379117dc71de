package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Splitting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An honest answer before a script has had its way with it.
///
/// @param headers without those that frame the body; names in lower case
/// @param streamed chunked, one chunk for each part; otherwise one body of known length
/// @param said what it says and what the provider bills for it
record Draft(
    int status, Map<String, String> headers, List<Part> parts, boolean streamed, Said said) {

  /// A piece of the body, how many completion tokens have been produced with it, and the usage that
  /// it tells.
  record Part(Body bytes, int tokens, Optional<Usage> told) {
    Part(Body bytes, int tokens) {
      this(bytes, tokens, Optional.empty());
    }
  }

  /// @param tokens the text of each completion token
  /// @param usage what the provider bills, whether or not the answer says so
  record Said(List<String> tokens, Usage usage) {
    static final Said NOTHING = new Said(List.of(), Usage.NOTHING);

    Said {
      tokens = List.copyOf(tokens);
    }
  }

  Draft {
    headers = new LinkedHashMap<>(headers);
    parts = List.copyOf(parts);
  }

  /// @param told the usage that the body tells
  static Draft json(int status, String body, Said said, Optional<Usage> told) {
    return new Draft(
        status,
        Map.of("content-type", "application/json"),
        List.of(new Part(Body.ofText(body), said.tokens().size(), told)),
        false,
        said);
  }

  /// What costs nothing.
  static Draft json(int status, String body) {
    return json(status, body, Said.NOTHING, Optional.empty());
  }

  static Draft of(OpenAiError error) {
    return json(error.status(), error.json());
  }

  static Draft of(Outcome.Fixed fixed) {
    Map<String, String> headers = new LinkedHashMap<>(fixed.headers());
    headers.put("content-type", fixed.contentType());
    return new Draft(
        fixed.status(),
        headers,
        List.of(new Part(Body.ofText(fixed.body()), 0)),
        false,
        Said.NOTHING);
  }

  static Draft events(List<Part> parts, Said said) {
    return new Draft(
        200, Map.of("content-type", "text/event-stream; charset=utf-8"), parts, true, said);
  }

  Draft with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Draft(status, more, parts, streamed, said);
  }

  /// As [#with], unless the header is there: a replayed answer keeps its own.
  Draft withUsual(String header, String value) {
    return headers.containsKey(header) ? this : with(header, value);
  }

  Draft withParts(List<Part> others, boolean asStream) {
    return new Draft(status, headers, others, asStream, said);
  }

  /// The same bytes with each part cut further; tokens and usage go with a part's last piece.
  Draft split(Splitting splitting) {
    if (!streamed && splitting instanceof Splitting.Events) {
      return this;
    }
    List<Part> pieces = new ArrayList<>();
    for (Part part : parts) {
      List<Body> cut = splitting.split(part.bytes());
      for (Body piece : cut.subList(0, Math.max(0, cut.size() - 1))) {
        pieces.add(new Part(piece, 0));
      }
      if (!cut.isEmpty()) {
        pieces.add(new Part(cut.getLast(), part.tokens(), part.told()));
      }
    }
    return withParts(pieces, streamed || pieces.size() > 1);
  }

  /// A body of one part in two, the tokens shared between them.
  Draft halves() {
    Part whole = parts.getFirst();
    int middle = whole.bytes().size() / 2;
    int tokens = whole.tokens() / 2;
    return withParts(
        List.of(
            new Part(whole.bytes().slice(0, middle), tokens),
            new Part(
                whole.bytes().slice(middle, whole.bytes().size()),
                whole.tokens() - tokens,
                whole.told())),
        streamed);
  }

  int bodyBytes() {
    return parts.stream().mapToInt(part -> part.bytes().size()).sum();
  }
}
