package ai.oneflow.tests.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What the rules are held against: the main classes of all modules that run, and all sources.
final class House {
  static final String API = "ai.oneflow.api..";
  static final String SNAPSHOT = "ai.oneflow.snapshot..";
  static final String OPERATOR = "ai.oneflow.operator..";
  static final String GATEWAY = "ai.oneflow.gateway..";
  static final String STANDALONE = "ai.oneflow.standalone..";
  static final String CLI = "ai.oneflow.cli..";
  static final String SIMULATOR = "ai.oneflow.simulator..";

  private static final List<String> MODULES =
      List.of(
          "servers",
          "crds",
          "snapshot",
          "operator",
          "gateway",
          "standalone",
          "cli",
          "simulator",
          "tests",
          "bench");

  private House() {}

  static JavaClasses classes() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("ai.oneflow");
  }

  static Path root() {
    return Path.of(Objects.requireNonNull(System.getProperty("oneflow.root")));
  }

  /// The Java files below `src/main` of all modules.
  static List<Path> mainSources() {
    return sources("main");
  }

  /// The Java files below `src/test` of all modules.
  static List<Path> testSources() {
    return sources("test");
  }

  private static List<Path> sources(String set) {
    return MODULES.stream()
        .map(module -> root().resolve(module).resolve("src").resolve(set).resolve("java"))
        .filter(Files::isDirectory)
        .flatMap(House::javaFiles)
        .toList();
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file as people name it.
  static String shown(Path file) {
    return root().relativize(file).toString();
  }
}
