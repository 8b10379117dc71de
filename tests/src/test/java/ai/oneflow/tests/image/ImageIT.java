package ai.oneflow.tests.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.tests.cluster.Completed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The images, built without any other image and started as a container runtime would start them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "busybox", "apt", "dpkg", "curl", "wget");

  private Path folder = Path.of("");

  @BeforeAll
  void assemble(@TempDir Path shared) throws IOException {
    folder = shared;
    assumeTrue(
        RootFileSystem.canBeStarted(), "no root, or no Linux: images cannot be started here");
    for (String program : List.of("gateway", "operator")) {
      RootFileSystem.assemble(program, root(program));
    }
  }

  @Test
  void aGatewayStartsOnARootThatCannotBeWritten() throws IOException {
    int management = FreePort.take();
    List<String> command = start("gateway", Dockerfile.of(ROOT, "gateway").entrypoint());
    command.addAll(
        List.of(
            "--host=127.0.0.1",
            "--port=" + FreePort.take(),
            "--management-host=127.0.0.1",
            "--management-port=" + management,
            "--operator=127.0.0.1:1",
            "--gateway=team/main",
            "--drain-lag-seconds=0"));
    try (Program gateway = Program.start(command, folder.resolve("gateway.log"))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .failFast("the gateway has ended", () -> !gateway.isAlive())
          .until(() -> health("gateway", management).succeeded());

      await()
          .untilAsserted(
              () ->
                  assertThat(gateway.output())
                      .contains("transport=\"epoll\"")
                      .contains("cannot connect to the operator"));
    }
    Completed afterwards = health("gateway", management);
    assertThat(afterwards.exitCode()).isEqualTo(1);
    assertThat(afterwards.stdout()).contains("/livez: ");
  }

  @Test
  void anOperatorStartsOnARootThatCannotBeWritten() throws IOException {
    List<String> command = start("operator", Dockerfile.of(ROOT, "operator").entrypoint());
    command.addAll(List.of("--nonsense", "1"));

    Completed refused = run(Map.of(), command.toArray(String[]::new));

    assertThat(refused.stderr()).contains("there is no argument --nonsense");
    assertThat(refused.exitCode()).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "operator"})
  void holdsNothingThatItDoesNotNeed(String program) throws IOException {
    try (Stream<Path> all = Files.walk(root(program))) {
      assertThat(all)
          .filteredOn(Files::isRegularFile)
          .isNotEmpty()
          .noneMatch(file -> SHELLS.contains(file.getFileName().toString()))
          .noneMatch(file -> file.toString().matches(".*netty.*(osx|windows).*"))
          .allMatch(file -> !permissions(file).contains(PosixFilePermission.OTHERS_WRITE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "operator"})
  void becomesAnImage(String program) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/buildah")), "there is no buildah");
    Path store = Files.createDirectories(folder.resolve("store"));
    Map<String, String> own = Map.of("STORAGE_DRIVER", "vfs");
    String[] buildah = {
      "buildah", "--root", store.resolve("root").toString(), "--runroot", store.toString()
    };
    Completed built =
        run(
            own,
            with(
                buildah,
                "build",
                "--format=docker",
                "--build-context=build=" + root(program).getParent(),
                "--build-arg=VERSION=1.2.3",
                "--file=" + ROOT.resolve("Dockerfile." + program),
                "--tag=oneflow-" + program,
                ROOT.toString()));
    assertThat(built.exitCode()).as(built.stderr()).isZero();

    JsonNode image =
        new JsonMapper()
            .readTree(
                run(own, with(buildah, "inspect", "--type=image", "oneflow-" + program)).output())
            .at("/Docker/config");

    Dockerfile file = Dockerfile.of(ROOT, program);
    assertThat(image.path("User").asText()).isEqualTo("1000:1000");
    assertThat(texts(image.path("Entrypoint"))).isEqualTo(file.entrypoint());
    assertThat(texts(image.at("/Healthcheck/Test"))).endsWith("HealthCheck").contains("CMD");
    assertThat(image.at("/Labels/org.opencontainers.image.version").asText()).isEqualTo("1.2.3");
    assertThat(image.path("ExposedPorts").has("8001/tcp")).isTrue();
  }

  private Completed health(String program, int port) throws IOException {
    List<String> command = start(program, Dockerfile.of(ROOT, program).healthCheck());
    return run(
        Map.of("ONEFLOW_MANAGEMENT_PORT", Integer.toString(port)), command.toArray(String[]::new));
  }

  private List<String> start(String program, List<String> command) {
    List<String> all = new ArrayList<>(List.of(script("start"), root(program).toString()));
    all.addAll(command);
    return all;
  }

  private Path root(String program) {
    return folder.resolve(program).resolve("image");
  }

  private static String script(String name) {
    return ROOT.resolve("scripts/image").resolve(name).toString();
  }

  private static Set<PosixFilePermission> permissions(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static String[] with(String[] command, String... arguments) {
    return Stream.concat(Stream.of(command), Stream.of(arguments)).toArray(String[]::new);
  }

  private static Completed run(Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return Completed.run(builder, "", _ -> {});
  }
}
