package ai.oneflow.standalone.manifest;

import ai.oneflow.api.validation.Finding;
import ai.oneflow.api.validation.YamlDocument;
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
/// file.
public final class Folder {
  private static final long LARGEST = YamlDocument.LONGEST;
  private static final String EMPTY = "is empty; delete the file to end what it held";

  private final Path path;

  public Folder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /// What one look found.
  ///
  /// @param unreadable why files are not read to their end
  record Contents(List<Manifest> manifests, List<Mistake> unreadable) {}

  /// @throws IOException where the folder itself cannot be listed
  Contents read() throws IOException {
    Contents contents = new Contents(new ArrayList<>(), new ArrayList<>());
    for (Path file : files()) {
      try {
        read(file, contents);
      } catch (NoSuchFileException _) {
        // Gone since the folder was listed, as when an editor renames.
      } catch (CharacterCodingException _) {
        contents.unreadable.add(new Mistake(new Place(file, 1), "", "not UTF-8"));
      } catch (IOException e) {
        Place place = new Place(file, 1);
        contents.unreadable.add(new Mistake(place, "", "cannot be read: " + e.getMessage()));
      }
    }
    return contents;
  }

  private static void read(Path file, Contents contents) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new IOException("larger than " + LARGEST + " bytes");
    }
    if (size == 0) {
      // What programs make that write over a file: what it held, keys above all, must not end so.
      contents.unreadable.add(new Mistake(new Place(file, 1), "", EMPTY));
    }
    for (YamlDocument document : YamlDocument.readAll(Files.readString(file))) {
      switch (document) {
        case YamlDocument.Read read -> contents.manifests.add(new Manifest(file, read));
        case YamlDocument.Broken(Finding finding) ->
            contents.unreadable.add(
                new Mistake(new Place(file, finding.line()), "", finding.message()));
      }
    }
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
