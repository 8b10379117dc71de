package ai.oneflow.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.status.Report;
import ai.oneflow.operator.status.Reporter;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.snapshot.SnapshotCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `golden` is a case: manifests in, snapshots and conditions out, as they are when
/// one pod of each gateway runs what was built. `-Dgolden.write=true` writes the outcome down; read
/// it before you commit it.
class GoldenTest {
  private static final Path CASES = cases();
  private static final String INPUT = "input.yaml";
  private static final String SNAPSHOTS = "snapshot.json";
  private static final String CONDITIONS = "conditions.txt";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// Maven runs tests in the module's folder.
  private static Path cases() {
    return Path.of("src/test/resources/golden").toAbsolutePath();
  }

  static List<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void thereAreCasesAndNothingElse() throws IOException {
    assertThat(folders()).hasSizeGreaterThan(20).allMatch(f -> Files.isDirectory(CASES.resolve(f)));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void comesOutAsWrittenDown(String name) throws IOException {
    Path folder = CASES.resolve(name);
    Outcome outcome = Outcome.of(Files.readString(folder.resolve(INPUT)));
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(folder.resolve(SNAPSHOTS), outcome.snapshots());
      Files.writeString(folder.resolve(CONDITIONS), outcome.conditions());
    }

    assertThat(filesOf(folder)).isEqualTo(Set.of(INPUT, SNAPSHOTS, CONDITIONS));
    assertThat(outcome.snapshots()).isEqualTo(Files.readString(folder.resolve(SNAPSHOTS)));
    assertThat(outcome.conditions()).isEqualTo(Files.readString(folder.resolve(CONDITIONS)));
  }

  private static Set<String> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new TreeSet<>(files.map(f -> f.getFileName().toString()).toList());
    }
  }

  private record Outcome(String snapshots, String conditions) {

    static Outcome of(String yaml) throws IOException {
      Manifests manifests = Manifests.parse(yaml);
      Resolution resolution = Resolution.of(manifests.resources());
      List<Built> built =
          manifests.list(LLMGateway.class).stream()
              .map(g -> new GatewayId(g.getMetadata().getNamespace(), g.getMetadata().getName()))
              .map(id -> SnapshotBuilder.build(id, resolution, Quarantine.EMPTY))
              .toList();
      return new Outcome(snapshots(built), conditions(resolution, built));
    }

    private static String snapshots(List<Built> all) throws IOException {
      ObjectNode root = MAPPER.createObjectNode();
      for (Built built : all) {
        ArrayNode entries = root.putArray(built.gateway().toString());
        for (var entry : built.snapshot().entries().values()) {
          entries.add(redacted(MAPPER.readTree(SnapshotCodec.encode(entry))));
        }
      }
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static JsonNode redacted(JsonNode entry) {
      entry.path("credentials").forEach(credential -> redact(credential, "secret"));
      redact(entry.path("redis"), "password");
      redact(entry.path("webhook"), "signingKey");
      return entry;
    }

    private static void redact(JsonNode around, String secret) {
      if (around.has(secret)) {
        int length = around.path(secret).asText().length();
        ((ObjectNode) around).put(secret, "[redacted, " + length + " characters]");
      }
    }

    private static String conditions(Resolution resolution, List<Built> all) {
      StringBuilder text = new StringBuilder();
      for (Judgement judgement : resolution.judgements().values()) {
        List<Serving> serving =
            all.stream()
                .filter(b -> resolution.serves(b.gateway().entryKey(), judgement.key()))
                .map(Outcome::run)
                .toList();
        write(text, Reporter.report(judgement, serving));
      }
      return text.toString();
    }

    private static Serving run(Built built) {
      Instance pod =
          new Instance(
              built.gateway().name() + "-0", Optional.of(built.snapshot()), Optional.empty());
      return new Serving(built, List.of(pod), Map.of());
    }

    /// The version of a snapshot says nothing to a reader here, and changes with every other line.
    private static void write(StringBuilder text, Report report) {
      text.append(report.key()).append('\n');
      report
          .conditions()
          .forEach(
              v ->
                  text.append(
                      "  %-12s %-5s %-16s %s%n"
                          .formatted(
                              v.reason().type().text(),
                              v.holds(),
                              v.reason().text(),
                              v.message().replaceAll("snapshot [0-9a-f]{8}", "snapshot …"))));
    }
  }
}
