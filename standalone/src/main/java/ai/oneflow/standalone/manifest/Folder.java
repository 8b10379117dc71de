package ai.oneflow.standalone.manifest;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The folder's files: what ends with `.yaml`, `.yml` or `.json` and does not begin with a dot, in
/// order of name. Like `kubectl apply -f`, it does not look into folders below, and may be one
// file.
public final class Folder {
  private final Path path;

  public Folder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /// What one look found.
  ///
  /// @param unreadable mistakes of whole files
  record Contents(List<YamlDocument> documents, List<Mistake> unreadable) {}

  /// @throws IOException where the folder itself cannot be listed
  Contents read() throws IOException {
    List<YamlDocument> documents = new ArrayList<>();
    List<Mistake> unreadable = new ArrayList<>();
    for (Path file : files()) {
      try {
        documents.addAll(new YamlText(file).read(Files.readString(file)));
      } catch (YamlText.UnreadableException e) {
        unreadable.add(e.mistake());
      } catch (NoSuchFileException _) {
        // Gone since the folder was listed, as when an editor renames.
      } catch (CharacterCodingException _) {
        unreadable.add(new Mistake(new Place(file, 1), "", "not UTF-8"));
      } catch (IOException e) {
        unreadable.add(new Mistake(new Place(file, 1), "", "cannot be read: " + e.getMessage()));
      }
    }
    return new Contents(documents, unreadable);
  }

  private List<Path> files() throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Folder::isManifest).sorted().toList();
    }
  }

  private static boolean isManifest(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean known = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    return known && !name.startsWith(".") && Files.isRegularFile(file);
  }
}
