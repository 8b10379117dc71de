package ai.oneflow.standalone.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder. A Secret that was made for an ApiKey has a file `.owner` that names it, and a file
/// `.annotations`; a file that begins with a dot is no data, as in a mounted Secret.
public final class SecretFolder {
  private static final String OWNER = ".owner";
  private static final String ANNOTATIONS = ".annotations";
  private static final String SEPARATOR = "/";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final Path path;

  public SecretFolder(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /// Where the value under a key of a Secret is.
  public Path fileOf(String secret, String key) {
    return folderOf(secret).resolve(key);
  }

  /// All Secrets. A folder has no namespace, so each is there for every namespace; whose it is
  /// keeps an ApiKey from taking another one's.
  ///
  /// @throws UncheckedIOException where the folder cannot be read
  public List<Secret> secrets(Iterable<String> namespaces) {
    List<Secret> all = new ArrayList<>();
    for (Path folder : list(path)) {
      if (!Files.isDirectory(folder) || isHidden(folder)) {
        continue;
      }
      Map<String, String> data = data(folder);
      Optional<OwnerReference> owner = owner(folder);
      if (data.isEmpty() && owner.isEmpty()) {
        // Nobody's, as when a process ended between making the folder and saying whose it is.
        continue;
      }
      for (String namespace : namespaces) {
        all.add(secret(namespace, folder, data, owner));
      }
    }
    return all;
  }

  private static Secret secret(
      String namespace, Path folder, Map<String, String> data, Optional<OwnerReference> owner) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(String.valueOf(folder.getFileName()))
        .withCreationTimestamp(made(folder))
        .withAnnotations(annotations(folder))
        .withOwnerReferences(owner.stream().toList())
        .endMetadata()
        .withData(data)
        .build();
  }

  /// Writes a Secret, its owner first and its data last: whatever ends the process in between, the
  /// next one can tell whose it is and what was to be done. Only the owner of the process may read
  /// it.
  void write(Secret secret) throws IOException {
    OwnerReference owner = secret.getMetadata().getOwnerReferences().getFirst();
    Path folder = folderOf(secret.getMetadata().getName());
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String words = String.join(SEPARATOR, owner.getKind(), owner.getUid(), owner.getName());
    replace(folder.resolve(OWNER), words.getBytes(UTF_8));
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    replace(folder.resolve(ANNOTATIONS), MAPPER.writeValueAsBytes(annotations));
    for (Map.Entry<String, String> value : secret.getData().entrySet()) {
      replace(folder.resolve(value.getKey()), Base64.getDecoder().decode(value.getValue()));
    }
  }

  /// Removes a Secret that was made for this owner; any other is left alone.
  void remove(String name, String ownerUid) throws IOException {
    Path folder = folderOf(name);
    if (owner(folder).filter(owner -> owner.getUid().equals(ownerUid)).isEmpty()) {
      return;
    }
    for (Path file : list(folder)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private Path folderOf(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
      throw new IllegalArgumentException("'" + name + "' is no name of a Secret");
    }
    return path.resolve(name);
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            ".new",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Map<String, String> data(Path folder) {
    Map<String, String> data = new TreeMap<>();
    for (Path file : list(folder)) {
      if (isHidden(file) || !Files.isRegularFile(file)) {
        continue;
      }
      read(file)
          .ifPresent(
              bytes ->
                  data.put(
                      String.valueOf(file.getFileName()),
                      Base64.getEncoder().encodeToString(bytes)));
    }
    return data;
  }

  private static Optional<OwnerReference> owner(Path folder) {
    return read(folder.resolve(OWNER))
        .map(bytes -> new String(bytes, UTF_8).strip().split(SEPARATOR, 3))
        .filter(parts -> parts.length == 3)
        .map(
            parts ->
                new OwnerReferenceBuilder()
                    .withKind(parts[0])
                    .withUid(parts[1])
                    .withName(parts[2])
                    .build());
  }

  /// What cannot be read says nothing, as where somebody edited it.
  private static Map<String, String> annotations(Path folder) {
    try {
      Optional<byte[]> bytes = read(folder.resolve(ANNOTATIONS));
      return bytes.isEmpty() ? Map.of() : MAPPER.readValue(bytes.get(), TEXTS);
    } catch (IOException _) {
      return Map.of();
    }
  }

  /// When it was written last, where it is one that was made here.
  private static @Nullable String made(Path folder) {
    try {
      return Files.getLastModifiedTime(folder.resolve(OWNER)).toInstant().toString();
    } catch (IOException _) {
      return null;
    }
  }

  private static Optional<byte[]> read(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }
}
