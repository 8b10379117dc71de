package ai.oneflow.snapshot;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads a push entry by entry: memory holds the tree of one entry at a time, and an entry that
/// cannot be read spoils itself alone.
final class PushReader {
  private final ObjectMapper mapper;
  private final List<Entry> upserts = new ArrayList<>();
  private final List<EntryKey> removals = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private long nonce;
  private Optional<SnapshotVersion> version = Optional.empty();
  private Optional<SnapshotVersion> base = Optional.empty();

  PushReader(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /// @throws IOException where not even the envelope can be read, so that there is nothing to
  /// answer
  ReceivedPush read(InputStream bytes) throws IOException {
    try (JsonParser parser = mapper.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a push must be a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        property(parser);
      }
    }
    SnapshotVersion announced =
        version.orElseThrow(() -> new IOException("a push must name its version"));
    if (!refusals.isEmpty()) {
      return new ReceivedPush.Garbled(nonce, announced, refusals);
    }
    return new ReceivedPush.Understood(
        new Push(nonce, announced, base, new Delta(upserts, removals)));
  }

  private void property(JsonParser parser) throws IOException {
    String name = parser.currentName();
    parser.nextToken();
    switch (name) {
      case "nonce" -> nonce = parser.getLongValue();
      case "version" -> version = Optional.of(mapper.readValue(parser, SnapshotVersion.class));
      case "base" -> base = Optional.ofNullable(mapper.readValue(parser, SnapshotVersion.class));
      case "delta" -> delta(parser);
      default -> unknown("property '" + name + "' of the push", parser);
    }
  }

  private void delta(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "upserts" -> upserts(parser);
        case "removals" -> removals.addAll(Arrays.asList(keys(parser)));
        default -> unknown("property '" + name + "' of the delta", parser);
      }
    }
  }

  private EntryKey[] keys(JsonParser parser) throws IOException {
    try {
      return mapper.readValue(parser, EntryKey[].class);
    } catch (JsonProcessingException e) {
      throw new IOException("the removals of a push must be keys of entries: " + reason(e));
    }
  }

  private void upserts(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode entry = mapper.readTree(parser);
      try {
        upserts.add(mapper.treeToValue(entry, Entry.class));
      } catch (JsonProcessingException e) {
        refusals.add(
            new Refusal(keyOf(entry), "not an entry that this gateway understands: " + reason(e)));
      }
    }
  }

  private void unknown(String what, JsonParser parser) throws IOException {
    parser.skipChildren();
    refusals.add(new Refusal(Optional.empty(), "this gateway does not know " + what));
  }

  private static Optional<EntryKey> keyOf(JsonNode entry) {
    String namespace = entry.path("namespace").asText();
    String name = entry.path("name").asText();
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.resourceKind().equals(entry.path("kind").asText()))
        .map(kind -> new EntryKey(kind, namespace, name))
        .findFirst();
  }

  private static String reason(JsonProcessingException e) {
    e.clearLocation();
    return e.getOriginalMessage();
  }
}
