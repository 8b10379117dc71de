package ai.oneflow.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server that speaks Redis's protocol: Redis of the machine, Redis 6.2 out of a jar, Valkey.
///
/// @param name such as `Redis 7.0.15`
public record RedisProgram(String name, Path executable) {
  private static final Pattern VERSION = Pattern.compile("(Redis|Valkey) server v=(\\S+)");

  /// Redis first, the newest first; may be empty, and then tests skip.
  public static List<RedisProgram> installed() {
    return Stream.of(
            SearchPath.find("redis-server"), outOfTheJar(), SearchPath.find("valkey-server"))
        .flatMap(Optional::stream)
        .flatMap(program -> named(program).stream())
        .toList();
  }

  /// The one to take where the version does not matter; empty: tests skip.
  public static Optional<RedisProgram> any() {
    return installed().stream().findFirst();
  }

  private static Optional<Path> outOfTheJar() {
    String machine =
        System.getProperty("os.name", "").equals("Linux") ? System.getProperty("os.arch", "") : "";
    String name =
        switch (machine) {
          case "amd64" -> "/redis-server-6.2.6-v5-linux-amd64";
          case "aarch64" -> "/redis-server-6.2.7-linux-arm64";
          default -> "/none";
        };
    try (InputStream packed = RedisProgram.class.getResourceAsStream(name)) {
      if (packed == null) {
        return Optional.empty();
      }
      Path program = Files.createTempFile("oneflow-redis-server", "");
      program.toFile().deleteOnExit();
      Files.write(program, packed.readAllBytes());
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
      return Optional.of(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Empty where it does not run here, such as for want of a library.
  private static Optional<RedisProgram> named(Path executable) {
    try {
      Process process =
          new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      Matcher version = VERSION.matcher(said);
      return version.find()
          ? Optional.of(new RedisProgram(version.group(1) + " " + version.group(2), executable))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
