package ai.oneflow.standalone.secret;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.FormerKey;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.MintedKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingIT {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  @TempDir private Path path = Path.of("");
  private final Random random = new Random(7);
  private Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);

  private KeyRing ring() {
    return new KeyRing(new SecretFolder(path), random, clock);
  }

  private static ApiKey rotated(String value) {
    ApiKey key = key("ai", "alice");
    key.getMetadata().setAnnotations(Map.of(Api.ROTATE_ANNOTATION, value));
    return key;
  }

  private KeyHistory history() {
    return KeyHistory.of(new SecretFolder(path).secrets(List.of("ai")).getFirst());
  }

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
    List<Secret> known = new SecretFolder(path).secrets(List.of("ai", "web"));
    return ring().keep(List.of(keys), known);
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
    ring().forget(key("ai", "alice"));

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
    ring().forget(key("web", "alice"));
    assertThat(file("alice-key")).exists();

    ring().forget(key("ai", "alice"));

    assertThat(path.resolve("alice-key")).doesNotExist();
  }

  @Test
  void rotatesOnceForAValueOfTheAnnotation() throws IOException {
    keep(key("ai", "alice"));
    String first = Files.readString(file("alice-key"));

    assertThat(keep(rotated("now"))).isTrue();
    String second = Files.readString(file("alice-key"));
    assertThat(keep(rotated("now"))).isFalse();

    assertThat(second).isNotEqualTo(first).isEqualTo(Files.readString(file("alice-key")));
    String sha256 = MintedKey.parse(first).orElseThrow().sha256();
    assertThat(history().formers())
        .containsExactly(new FormerKey(sha256, NOON.plus(Duration.ofDays(7))));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(annotations())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(annotations())).doesNotContain(first, second);
  }

  @Test
  void forgetsAFormerKeyWhenItHasEnded() throws IOException {
    keep(key("ai", "alice"));
    keep(rotated("now"));
    String second = Files.readString(file("alice-key"));
    clock = Clock.fixed(NOON.plus(Duration.ofDays(7)), ZoneOffset.UTC);

    assertThat(keep(rotated("now"))).isFalse();

    assertThat(history().formers()).isEmpty();
    assertThat(Files.readString(file("alice-key"))).isEqualTo(second);
  }

  @Test
  void finishesARotationThatAProcessDiedIn() throws IOException {
    keep(key("ai", "alice"));
    String first = Files.readString(file("alice-key"));
    keep(rotated("now"));
    Files.writeString(file("alice-key"), first); // as if the new one had not been written

    assertThat(keep(rotated("now"))).isTrue();

    assertThat(Files.readString(file("alice-key"))).isNotEqualTo(first);
    String sha256 = MintedKey.parse(first).orElseThrow().sha256();
    assertThat(history().formers()).extracting(FormerKey::sha256).containsExactly(sha256);
    assertThat(keep(rotated("now"))).isFalse();
  }

  @Test
  void takesAKeyOfAnEarlierVersionForAsOldAsItsFile() throws IOException {
    keep(key("ai", "alice"));
    Files.delete(annotations());

    assertThat(history().mintedAt()).isAfter(NOON.minus(Duration.ofDays(365)));
    Files.writeString(annotations(), "garbled");
    assertThat(history().formers()).isEmpty();
    assertThat(keep(key("ai", "alice"))).isFalse();
  }

  private Path annotations() {
    return path.resolve("alice-key").resolve(".annotations");
  }
}
