package ai.oneflow.tests.contract;

import ai.oneflow.api.validation.Finding;
import ai.oneflow.api.validation.ManifestJudge;
import ai.oneflow.api.validation.Verdict;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A manifest of `examples/`, and what the API server and the judge say of it.
///
/// @param server one dry run of `kubectl create`, so that nothing is left behind
record Example(Path file, Completed server, List<Verdict> verdicts) {
  private static final String EXPECT = "# expect: ";
  private static final ManifestJudge JUDGE = new ManifestJudge();

  static Path folder(String name) {
    return Path.of(System.getProperty("oneflow.root", "..")).resolve("examples").resolve(name);
  }

  /// Tries every manifest of a folder. A `kubectl` takes far longer to start than its call, so
  /// some run at once.
  static List<Example> tryAll(TestCluster cluster, String folder) {
    try (Stream<Path> files = Files.list(folder(folder))) {
      return files.sorted().toList().parallelStream().map(file -> tryOut(cluster, file)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Example tryOut(TestCluster cluster, Path file) {
    String path = file.toAbsolutePath().toString();
    Completed server =
        cluster.kubectl(
            "create", "--dry-run=server", "--validate=strict", "--output=json", "--filename", path);
    return new Example(file, server, JUDGE.judge(read(file)));
  }

  /// The sentences that the file says a person must see.
  List<String> expectations() {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(EXPECT))
        .map(line -> line.substring(EXPECT.length()))
        .toList();
  }

  /// What the judge finds wrong.
  List<String> findings() {
    return verdicts.stream()
        .filter(Verdict.Refused.class::isInstance)
        .map(Verdict.Refused.class::cast)
        .flatMap(refused -> refused.findings().stream())
        .map(Finding::message)
        .toList();
  }

  /// What the API server finds wrong, without its remarks that it did not look further and that
  /// a number is of the wrong format as well.
  List<String> serverFindings() {
    String said =
        server.stderr().replaceFirst("^error: (unable to decode|error parsing) .*\\.yaml\"?: ", "");
    String list = said.contains("is invalid: ") ? said.split("is invalid: ", 2)[1] : said;
    String strict = "cannot be handled as a ";
    int decoding = list.indexOf("strict decoding error");
    return decoding >= 0 && list.contains(strict)
        ? List.of(list.substring(decoding).strip())
        : list.lines()
            .map(line -> line.startsWith("* ") ? line.substring(2) : line)
            .filter(line -> !line.isBlank() && !line.startsWith("<nil>: "))
            .toList();
  }

  /// The file's name, for the report of a test.
  @Override
  public String toString() {
    return String.valueOf(file.getFileName());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
