package ai.oneflow.tests.image;

import ai.oneflow.tests.cluster.Completed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The root file system of an image, laid out of the jars that this build made.
public final class RootFileSystem {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path UNSHARE = Path.of("/usr/bin/unshare");

  private RootFileSystem() {}

  /// Whether one can be started here: it takes a mount namespace.
  public static boolean canBeStarted() {
    return Files.isExecutable(UNSHARE)
        && Completed.run(
                new ProcessBuilder(UNSHARE.toString(), "--mount", "--", "true"), "", _ -> {})
            .succeeded();
  }

  /// @param program `gateway` or `operator`
  /// @param to a folder that is not there yet
  public static void assemble(String program, Path to) throws IOException {
    String script = ROOT.resolve("scripts/image/assemble").toString();
    ProcessBuilder assemble = new ProcessBuilder(script, program, to.toString(), jar(program));
    Completed.run(assemble, "", _ -> {}).output();
  }

  /// What says what runs in it.
  public static Path dockerfile(String program) {
    return ROOT.resolve("Dockerfile." + program);
  }

  private static String jar(String program) throws IOException {
    try (Stream<Path> built = Files.list(ROOT.resolve(program).resolve("target"))) {
      return built
          .filter(file -> file.getFileName().toString().matches("oneflow-.*SNAPSHOT\\.jar"))
          .findFirst()
          .orElseThrow()
          .toString();
    }
  }
}
