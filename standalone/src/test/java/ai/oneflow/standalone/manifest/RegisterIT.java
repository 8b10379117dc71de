package ai.oneflow.standalone.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterIT {
  private static final ResourceId ALICE = new ResourceId("ApiKey", "default", "alice");
  private static final ResourceId BOB = new ResourceId("ApiKey", "ai", "bob");

  @TempDir private Path folder = Path.of("");
  private Register register = new Register(new Folder(Path.of("")));

  @BeforeEach
  void open() {
    register = new Register(new Folder(folder));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private static String key(String metadata, String spec) {
    return "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nmetadata: {%s}\nspec:\n  %s\n"
        .formatted(metadata, spec);
  }

  private static HasMetadata resource(Inventory inventory, ResourceId id) {
    return Optional.ofNullable(inventory.held().get(id)).orElseThrow().resource();
  }

  @Test
  void readsAllDocumentsOfAllManifestFiles() throws IOException {
    write(
        "a.yaml",
        key("name: alice", "user: alice") + "---\n" + key("name: bob, namespace: ai", "user: bob"));
    write("notes.txt", "not: a manifest");
    write(".hidden.yaml", "not: a manifest");

    Inventory inventory = register.look();

    assertThat(inventory.mistakes()).isEmpty();
    assertThat(inventory.held()).containsOnlyKeys(ALICE, BOB);
    assertThat(resource(inventory, ALICE).getMetadata().getNamespace()).isEqualTo("default");
  }

  @Test
  void keepsWhatWasInForceWhereTheNewManifestIsRefused() throws IOException {
    write("a.yaml", key("name: alice", "user: alice"));
    register.look();
    write("a.yaml", key("name: alice", "requests: often"));

    Inventory inventory = register.look();

    assertThat(inventory.mistakes())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("a.yaml") + ":5: ApiKey default/alice: spec.requests")
        .contains("; at character 1: expected a number, as in 100/hour, not 'often': '^often'");
    assertThat(((ApiKey) resource(inventory, ALICE)).getSpec().user()).isEqualTo("alice");
  }

  @Test
  void keepsAllOfAFileThatIsNoYaml() throws IOException {
    write("a.yaml", key("name: alice", "user: alice"));
    write("b.yaml", key("name: bob, namespace: ai", "user: bob"));
    register.look();
    write("a.yaml", "spec: {models: [\n");

    Inventory inventory = register.look();

    assertThat(inventory.mistakes())
        .singleElement()
        .asString()
        .contains("a.yaml:2: error converting YAML to JSON: yaml: line 2: ");
    assertThat(inventory.held()).containsOnlyKeys(ALICE, BOB);
  }

  @Test
  void dropsWhatNoFileHoldsAnyMore() throws IOException {
    write("a.yaml", key("name: alice", "user: alice"));
    register.look();
    Files.delete(folder.resolve("a.yaml"));

    assertThat(register.look().held()).isEmpty();
  }

  @Test
  void keepsEverythingWhileTheFolderCannotBeRead() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("a.yaml"), key("name: alice", "user: alice"));
    Register over = new Register(new Folder(inner));
    over.look();
    Files.delete(inner.resolve("a.yaml"));
    Files.delete(inner);

    Inventory inventory = over.look();

    assertThat(inventory.held()).containsOnlyKeys(ALICE);
    assertThat(inventory.mistakes()).singleElement().asString().contains("cannot be read");
  }

  @Test
  void countsAGenerationForEachChangeOfTheSpecAlone() throws IOException {
    write("a.yaml", key("name: alice", "user: alice"));
    assertThat(resource(register.look(), ALICE).getMetadata().getGeneration()).isEqualTo(1);
    write("a.yaml", key("name: alice, labels: {a: b}", "user: alice"));
    HasMetadata labelled = resource(register.look(), ALICE);
    assertThat(labelled.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(labelled.getMetadata().getLabels()).isEqualTo(Map.of("a", "b"));
    write("a.yaml", key("name: alice", "user: alicia"));
    assertThat(resource(register.look(), ALICE).getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void takesTheFirstOfTwoManifestsOfOneResource() throws IOException {
    write("a.yaml", key("name: alice", "user: first"));
    write("b.yaml", key("name: alice", "user: second"));

    Inventory inventory = register.look();

    assertThat(((ApiKey) resource(inventory, ALICE)).getSpec().user()).isEqualTo("first");
    assertThat(inventory.mistakes())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("b.yaml") + ":1: ApiKey default/alice: is already in ");
  }

  @Test
  void isOlderTheEarlierItStandsInTheListing() throws IOException {
    write("b.yaml", key("name: alice", "user: alice"));
    write("a.yaml", key("name: bob, namespace: ai", "user: bob"));

    Inventory inventory = register.look();

    assertThat(resource(inventory, BOB).getMetadata().getCreationTimestamp())
        .isLessThan(resource(inventory, ALICE).getMetadata().getCreationTimestamp());
  }

  @Test
  void saysWhatIsNoManifestOfOurs() throws IOException {
    write("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n");
    write("b.yaml", "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nspec: {}\n");
    write("c.yaml", key("name: ../../etc", "user: x"));

    List<String> mistakes = register.look().mistakes().stream().map(Mistake::toString).toList();

    assertThat(mistakes).hasSize(3);
    assertThat(mistakes.get(0)).contains("a.yaml:2: ").contains("no kind that is read here");
    assertThat(mistakes.get(1)).contains("b.yaml:1: ApiKey: metadata.name: Required value");
    assertThat(mistakes.get(2)).contains("c.yaml:3: ").contains("lowercase RFC 1123 subdomain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stringData: hush-hush-hush| not of the form that v1 has",
        "stringData: {k: [hush-hush-hush]}| cannot unmarshal array into Go struct field Secret.stringData",
        "data: {k: hush-hush-hush}| illegal base64 data",
        "stringDat: {k: hush-hush-hush}| strict decoding error: unknown field",
        "immutable: hush-hush-hush| not of the form that v1 has"
      })
  void showsNothingOfASecretThatIsNotWellFormed(String data, String words) throws IOException {
    write("a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n" + data + "\n");

    assertThat(register.look().mistakes())
        .singleElement()
        .asString()
        .contains(words)
        .doesNotContain("hush");
  }

  @Test
  void takesWordsAsTheJudgeDoes() throws IOException {
    write("a.yaml", key("name: alice", "suspended: yes"));

    Inventory inventory = register.look();

    assertThat(inventory.mistakes()).isEmpty();
    assertThat(((ApiKey) resource(inventory, ALICE)).getSpec().suspended()).isTrue();
  }

  @Test
  void readsWhatEditorsOfOtherSystemsWrite() throws IOException {
    write("a.yaml", "\uFEFF" + key("name: alice", "user: alice").replace("\n", "\r\n"));

    Inventory inventory = register.look();

    assertThat(inventory.mistakes()).isEmpty();
    assertThat(((ApiKey) resource(inventory, ALICE)).getSpec().user()).isEqualTo("alice");
  }

  @Test
  void refusesAChangeThatTheClusterRefuses() throws IOException {
    write("a.yaml", key("name: alice", "secretName: first"));
    register.look();
    write("a.yaml", key("name: alice", "secretName: second"));

    Inventory inventory = register.look();

    assertThat(inventory.mistakes())
        .singleElement()
        .asString()
        .contains("secretName cannot change");
    assertThat(((ApiKey) resource(inventory, ALICE)).getSpec().secretName()).isEqualTo("first");
  }

  @Test
  void keepsWhatAFileHeldWhileItSaysNothingClear() throws IOException {
    write("a.yaml", key("name: alice", "user: alice"));
    register.look();

    for (String unclear :
        List.of(
            "",
            "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKy\nmetadata: {name: alice}\n",
            "apiVersion: oneflow.ai/v1alpha1\n",
            "[".repeat(100_000),
            "x".repeat(10_000_000),
            key("labels: {a: b}", "user: alice"),
            key("name: Alice", "user: alice"))) {
      write("a.yaml", unclear);
      assertThat(register.look().held()).containsOnlyKeys(ALICE);
      assertThat(register.look().mistakes()).isNotEmpty();
    }
  }

  @Test
  void followsASymbolicLink(@TempDir Path elsewhere) throws IOException {
    Path target = Files.writeString(elsewhere.resolve("x"), key("name: alice", "user: alice"));
    Files.createSymbolicLink(folder.resolve("a.yaml"), target);

    assertThat(register.look().held()).containsOnlyKeys(ALICE);
  }
}
