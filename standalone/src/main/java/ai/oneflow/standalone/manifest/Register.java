package ai.oneflow.standalone.manifest;

import ai.oneflow.api.validation.Finding;
import ai.oneflow.api.validation.ManifestJudge;
import ai.oneflow.api.validation.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
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
import java.util.stream.Stream;

/// Stands for the API server's memory: takes manifests that hold, and keeps what it had where the
/// new one does not. Confined to one thread.
///
/// A generation counts the changes of a spec while this process lives. A resource is as old as its
/// turn among the files when it was first seen, so that of two which claim one name the first in
/// the listing has it, at every start.
public final class Register {
  private static final Instant FIRST_CREATION = Instant.parse("2026-01-01T00:00:00Z");

  private final Folder folder;
  private final ManifestJudge judge = new ManifestJudge();
  private TreeMap<ResourceId, Held> held = new TreeMap<>();
  private Optional<Folder.Contents> seen = Optional.empty();
  private Inventory inventory = new Inventory(new TreeMap<>(), List.of());
  private long created;

  public Register(Folder folder) {
    this.folder = folder;
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
    private final List<Manifest> manifests;
    private final List<Mistake> mistakes;
    private final TreeMap<ResourceId, Held> next = new TreeMap<>();
    private final Set<Path> unclear = new HashSet<>();

    Round(Folder.Contents contents) {
      manifests = contents.manifests();
      mistakes = new ArrayList<>(contents.unreadable());
      contents.unreadable().forEach(mistake -> unclear.add(mistake.place().file()));
    }

    Inventory run() {
      manifests.forEach(this::take);
      held.forEach(
          (id, former) -> {
            if (unclear.contains(former.manifest().file())) {
              next.putIfAbsent(id, former);
            }
          });
      held = next;
      return new Inventory(new TreeMap<>(next), mistakes);
    }

    private void take(Manifest manifest) {
      ResourceId id = ResourceId.of(manifest.content());
      Held rival = next.get(id);
      if (rival != null) {
        String words = "is already in " + rival.manifest().place() + ", which counts";
        mistakes.add(new Mistake(manifest.place(), id.toString(), words));
        return;
      }
      Optional<Held> former = Optional.ofNullable(held.get(id));
      Reading reading = read(manifest, former);
      mistakes.addAll(reading.mistakes(manifest, id));
      reading
          .resource()
          .map(resource -> new Held(manifest, completed(resource, id, manifest, former)))
          .or(() -> former)
          // Without a former one nobody knows which of those that the file held is meant.
          .ifPresentOrElse(taken -> next.put(id, taken), () -> unclear.add(manifest.file()));
    }
  }

  /// A manifest as the API server would take it, or all that is wrong with it.
  private record Reading(Optional<HasMetadata> resource, List<Finding> findings) {
    static Reading of(HasMetadata resource) {
      return new Reading(Optional.of(resource), List.of());
    }

    static Reading wrong(List<Finding> findings) {
      return new Reading(Optional.empty(), findings);
    }

    List<Mistake> mistakes(Manifest manifest, ResourceId id) {
      String subject = id.name().isEmpty() ? id.kind() : id.toString();
      return findings.stream()
          .map(f -> new Mistake(new Place(manifest.file(), f.line()), subject, f.sentence()))
          .toList();
    }
  }

  private Reading read(Manifest manifest, Optional<Held> former) {
    if (former.filter(f -> f.manifest().content().equals(manifest.content())).isPresent()) {
      return Reading.of(former.get().resource());
    }
    return switch (judge.judge(manifest.document(), former.map(Held::resource))) {
      case Verdict.Accepted(var resource) -> Reading.of(resource);
      case Verdict.Refused(var findings) -> Reading.wrong(findings);
      case Verdict.OtherKind _ -> readCore(manifest);
    };
  }

  private Reading readCore(Manifest manifest) {
    JsonNode content = manifest.content();
    if (!CoreKinds.isOne(content)) {
      String words =
          "no kind that is read here: apiVersion '%s', kind '%s'"
              .formatted(content.path("apiVersion").asText(), content.path("kind").asText());
      return Reading.wrong(List.of(finding(manifest, "kind", words)));
    }
    List<Finding> findings =
        Stream.concat(
                judge.judgeMetadata(manifest.document()).stream(),
                CoreKinds.flaws(content).stream()
                    .map(flaw -> finding(manifest, flaw.path(), flaw.words())))
            .toList();
    if (!findings.isEmpty()) {
      return Reading.wrong(findings);
    }
    // The parser's own words would show what a Secret holds.
    return CoreKinds.typed(content)
        .map(Reading::of)
        .orElseGet(
            () -> Reading.wrong(List.of(finding(manifest, "", "not of the form that v1 has"))));
  }

  private static Finding finding(Manifest manifest, String path, String words) {
    return new Finding(path, manifest.document().lineOf(path), words);
  }

  /// With the metadata that the API server adds.
  private HasMetadata completed(
      HasMetadata resource, ResourceId id, Manifest manifest, Optional<Held> former) {
    JsonNode spec = manifest.content().path("spec");
    boolean sameSpec =
        former.filter(f -> f.manifest().content().path("spec").equals(spec)).isPresent();
    ObjectMeta metadata = resource.getMetadata();
    metadata.setNamespace(id.namespace());
    metadata.setGeneration(former.map(Held::generation).orElse(0L) + (sameSpec ? 0 : 1));
    metadata.setCreationTimestamp(
        former
            .map(f -> f.resource().getMetadata().getCreationTimestamp())
            .orElseGet(() -> FIRST_CREATION.plusSeconds(created++).toString()));
    metadata.setUid(
        UUID.nameUUIDFromBytes(id.toString().getBytes(StandardCharsets.UTF_8)).toString());
    return resource;
  }
}
