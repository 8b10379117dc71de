package ai.oneflow.standalone.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/// Stands for the API server's memory: takes manifests that hold, and keeps what it had where the
/// new one does not. Confined to one thread.
///
/// A generation counts the changes of a spec while this process lives. A resource is as old as its
/// turn among the files when it was first seen, so that of two which claim one name the first in
/// the listing has it, at every start.
public final class Register {
  private static final String DEFAULT_NAMESPACE = "default";
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Instant FIRST_CREATION = Instant.parse("2026-01-01T00:00:00Z");

  private final Folder folder;
  private final Judge judge;
  private TreeMap<ResourceId, Held> held = new TreeMap<>();
  private Optional<Folder.Contents> seen = Optional.empty();
  private Inventory inventory = new Inventory(new TreeMap<>(), List.of());
  private long created;

  public Register(Folder folder, Judge judge) {
    this.folder = folder;
    this.judge = judge;
  }

  /// Looks at the folder as it is now; where nothing changed, nothing is judged again.
  public Inventory look() {
    try {
      Folder.Contents contents = folder.read();
      if (!seen.equals(Optional.of(contents))) {
        inventory = new Round(contents).run();
        seen = Optional.of(contents);
      }
      return inventory;
    } catch (IOException e) {
      Place place = new Place(folder.path(), 1);
      Mistake mistake = new Mistake(place, "", "the folder cannot be read: " + e.getMessage());
      return new Inventory(new TreeMap<>(held), List.of(mistake));
    }
  }

  /// One look. What was in force stays so until its file says clearly that it is gone.
  private final class Round {
    private final List<YamlDocument> documents;
    private final List<Mistake> mistakes;
    private final TreeMap<ResourceId, Held> next = new TreeMap<>();
    private final Set<Path> unclear = new HashSet<>();

    Round(Folder.Contents contents) {
      documents = contents.documents();
      mistakes = new ArrayList<>(contents.unreadable());
      contents.unreadable().forEach(mistake -> unclear.add(mistake.place().file()));
    }

    Inventory run() {
      documents.forEach(this::take);
      held.forEach(
          (id, former) -> {
            if (unclear.contains(former.document().file())) {
              next.putIfAbsent(id, former);
            }
          });
      held = next;
      return new Inventory(new TreeMap<>(next), mistakes);
    }

    private void take(YamlDocument document) {
      Optional<Class<? extends HasMetadata>> type = Kinds.of(document.tree());
      JsonNode name = document.tree().path("metadata").path("name");
      if (type.isEmpty() || !name.isTextual() || name.asText().isEmpty()) {
        unclear.add(document.file());
        mistakes.add(type.isEmpty() ? unknownKind(document) : nameless(document));
        return;
      }
      ResourceId id = id(document.tree());
      Held rival = next.get(id);
      if (rival != null) {
        String words = "is already in " + rival.document().place() + ", which counts";
        mistakes.add(new Mistake(document.place(), id.toString(), words));
        return;
      }
      Optional<Held> former = Optional.ofNullable(held.get(id));
      List<Mistake> found = judge(id, document);
      if (!found.isEmpty()) {
        mistakes.addAll(found);
        former.ifPresent(kept -> next.put(id, kept));
        return;
      }
      admit(id, document, type.get());
    }

    private void admit(ResourceId id, YamlDocument document, Class<? extends HasMetadata> type) {
      Optional<Held> former = Optional.ofNullable(held.get(id));
      try {
        next.put(id, typed(document, type, former, id));
      } catch (JsonProcessingException e) {
        // Of a Secret the parser's words would show what it holds.
        String words = Kinds.isOwn(id) ? e.getOriginalMessage() : "not of the form that v1 has";
        mistakes.add(new Mistake(document.place(), id.toString(), words));
        former.ifPresent(kept -> next.put(id, kept));
      }
    }

    private Mistake unknownKind(YamlDocument document) {
      String words =
          "no kind that is read here: apiVersion '%s', kind '%s'"
              .formatted(
                  document.tree().path("apiVersion").asText(),
                  document.tree().path("kind").asText());
      return new Mistake(document.placeOf("kind"), "", words);
    }

    private Mistake nameless(YamlDocument document) {
      String kind = document.tree().path("kind").asText();
      return new Mistake(document.placeOf("metadata"), kind, "metadata.name is missing");
    }

    private List<Mistake> judge(ResourceId id, YamlDocument document) {
      if (!NAME.matcher(id.name()).matches()) {
        return List.of(misnamed(id, document));
      }
      if (!Kinds.isOwn(id)) {
        return List.of();
      }
      return judge.judge(document).stream()
          .map(flaw -> new Mistake(document.placeOf(flaw.path()), id.toString(), flaw.words()))
          .toList();
    }
  }

  private static Mistake misnamed(ResourceId id, YamlDocument document) {
    return new Mistake(
        document.placeOf("metadata.name"),
        id.toString(),
        ("metadata.name: Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist of lower"
                + " case alphanumeric characters, '-' or '.', and must start and end with an"
                + " alphanumeric character (e.g. 'example.com', regex used for validation is '%s')")
            .formatted(id.name(), NAME));
  }

  private static ResourceId id(JsonNode manifest) {
    JsonNode metadata = manifest.path("metadata");
    String kind = manifest.path("kind").asText();
    String namespace = metadata.path("namespace").asText("");
    return new ResourceId(
        kind,
        kind.equals("Namespace") ? "" : namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace,
        metadata.path("name").asText());
  }

  private Held typed(
      YamlDocument document,
      Class<? extends HasMetadata> type,
      Optional<Held> former,
      ResourceId id)
      throws JsonProcessingException {
    if (former.isPresent() && former.get().document().tree().equals(document.tree())) {
      return new Held(document, former.get().resource());
    }
    ObjectNode bare = document.tree().deepCopy();
    bare.remove("status");
    HasMetadata resource = Kinds.typed(bare, type);
    boolean sameSpec =
        former.map(f -> f.document().tree().path("spec").equals(bare.path("spec"))).orElse(false);
    var metadata = resource.getMetadata();
    metadata.setNamespace(id.namespace());
    metadata.setGeneration(former.map(Held::generation).orElse(0L) + (sameSpec ? 0 : 1));
    metadata.setCreationTimestamp(
        former
            .map(f -> f.resource().getMetadata().getCreationTimestamp())
            .orElseGet(() -> FIRST_CREATION.plusSeconds(created++).toString()));
    metadata.setUid(
        UUID.nameUUIDFromBytes(id.toString().getBytes(StandardCharsets.UTF_8)).toString());
    return new Held(document, resource);
  }
}
