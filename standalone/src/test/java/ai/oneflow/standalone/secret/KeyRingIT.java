package ai.oneflow.standalone.secret;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.MintedKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingIT {
  @TempDir private Path path = Path.of("");

  private static ApiKey key(String namespace, String name) {
    ApiKey key = new ApiKey();
    key.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid("uid-" + namespace + "-" + name)
            .build());
    return key;
  }

  private boolean keep(ApiKey... keys) throws IOException {
    SecretFolder folder = new SecretFolder(path);
    List<Secret> known = folder.secrets(List.of("ai", "web"));
    return new KeyRing(folder, new Random(7)).keep(List.of(keys), known);
  }

  private Path file(String secret) {
    return path.resolve(secret).resolve("api-key");
  }

  @Test
  void mintsAKeyThatItsOwnerAloneMayRead() throws IOException {
    assertThat(keep(key("ai", "alice"))).isTrue();

    assertThat(MintedKey.parse(Files.readString(file("alice-key")))).isPresent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("alice-key"))))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("alice-key"))))
        .isEqualTo("rwx------");
  }

  @Test
  void keepsAKeyOverRestarts() throws IOException {
    keep(key("ai", "alice"));
    String first = Files.readString(file("alice-key"));

    assertThat(keep(key("ai", "alice"))).isFalse();

    assertThat(Files.readString(file("alice-key"))).isEqualTo(first);
  }

  @Test
  void replacesAKeyOfItsOwnThatIsGarbled() throws IOException {
    keep(key("ai", "alice"));
    Files.writeString(file("alice-key"), "garbled");

    assertThat(keep(key("ai", "alice"))).isTrue();

    assertThat(MintedKey.parse(Files.readString(file("alice-key")))).isPresent();
  }

  @Test
  void leavesASecretOfSomebodyElseAlone() throws IOException {
    Files.createDirectories(path.resolve("alice-key"));
    Files.writeString(file("alice-key"), "somebody's");

    assertThat(keep(key("ai", "alice"))).isFalse();
    new KeyRing(new SecretFolder(path), new Random(7)).forget(key("ai", "alice"));

    assertThat(Files.readString(file("alice-key"))).isEqualTo("somebody's");
  }

  @Test
  void takesAFolderThatIsEmptyForNobodys() throws IOException {
    Files.createDirectories(path.resolve("alice-key"));

    assertThat(keep(key("ai", "alice"))).isTrue();

    assertThat(file("alice-key")).exists();
  }

  @Test
  void letsTheFirstOfTwoHaveASecretOfOneName() throws IOException {
    keep(key("ai", "alice"), key("web", "alice"));
    String first = Files.readString(file("alice-key"));

    assertThat(keep(key("ai", "alice"), key("web", "alice"))).isFalse();

    assertThat(Files.readString(file("alice-key"))).isEqualTo(first);
  }

  @Test
  void forgetsAKeyWithItsOwner() throws IOException {
    keep(key("ai", "alice"));
    new KeyRing(new SecretFolder(path), new Random(7)).forget(key("web", "alice"));
    assertThat(file("alice-key")).exists();

    new KeyRing(new SecretFolder(path), new Random(7)).forget(key("ai", "alice"));

    assertThat(path.resolve("alice-key")).doesNotExist();
  }
}
