package ai.oneflow.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager,
/// kube-scheduler) on loopback, in a temporary folder of its own. Pods are not run, as there is no
/// node; see [ProcessNodes].
///
/// Where the servers were not built yet they are, which takes minutes, once for a machine; where
/// they cannot be built, the test is skipped and says what is missing, or fails if the
/// environment has `ONEFLOW_TEST_CLUSTER=required`. A cluster is ready in seconds. It ends with
/// [#close()] and also with this JVM, however that ends. Safe for use by several threads.
public final class TestCluster implements AutoCloseable {

  /// What `scripts/cluster/build` exits with when something it needs is not on this machine.
  private static final int UNAVAILABLE = 69;

  static final Path ROOT = root();

  private final Path folder;
  private final Path binaries;
  private volatile Process launcher;

  private TestCluster(Path folder, Path binaries, Process launcher) {
    this.folder = folder;
    this.binaries = binaries;
    this.launcher = launcher;
  }

  /// The cluster that all tests of this JVM share, started when first asked for. Use namespaces
  /// of your own in it, do not close it.
  public static TestCluster shared() {
    binariesOrSkip();
    return Shared.CLUSTER;
  }

  /// Starts a cluster of the caller's own, which the caller closes.
  public static TestCluster start() {
    Path binaries = binariesOrSkip();
    try {
      Path folder = Files.createTempDirectory("oneflow-test-cluster-");
      return new TestCluster(folder, binaries, launch(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process launch(Path folder) throws IOException {
    Process launcher =
        new ProcessBuilder(script("up"), "--foreground", "--remove", "--data", folder.toString())
            .start();
    CompletableFuture<String> said = Completed.read(launcher.errorReader(), System.err::println);
    // The launcher prints what to export, and so closes its output, when the cluster is ready.
    if (launcher.inputReader().readAllAsString().isEmpty()) {
      throw new IllegalStateException("the test cluster does not start:\n" + said.join());
    }
    return launcher;
  }

  /// SIGKILL for the API server. The launcher ends the other servers then, too; all of them are
  /// gone when this returns, and what etcd holds stays. For a cluster of the caller's own.
  public void killApiServer() {
    ProcessHandle server =
        launcher
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("/kube-apiserver"))
            .findFirst()
            .orElseThrow();
    server.destroyForcibly();
    launcher.onExit().join();
  }

  /// Continues what [#killApiServer()] ended: same address, credentials and objects. Ready when
  /// this returns.
  public void startAgain() {
    try {
      launcher = launch(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The administrator's kubeconfig.
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /// Runs the real kubectl as administrator, in the root of the source tree, so that
  /// `-f examples/quickstart` means what it means to a reader.
  public Completed kubectl(String... arguments) {
    return kubectlWithInput("", arguments);
  }

  /// What this kubectl says without a cluster, as for `kustomize`.
  public static Completed kubectlAlone(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binariesOrSkip().resolve("kubectl").toString());
    command.addAll(List.of(arguments));
    return Completed.run(new ProcessBuilder(command).directory(ROOT.toFile()), "", _ -> {});
  }

  /// Runs kubectl with a standard input: a manifest for `-f -`.
  public Completed kubectlWithInput(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve("kubectl").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
    builder.environment().putAll(environment());
    return Completed.run(builder, input, _ -> {});
  }

  /// A part of its own folder, which goes with it.
  Path folder(String name) {
    return folder.resolve(name);
  }

  /// What a process needs in its environment to reach this cluster with the Kubernetes tools'
  /// defaults, and to leave its user's own settings and caches alone.
  public Map<String, String> environment() {
    return Map.of(
        "KUBECONFIG", kubeconfig().toString(),
        "KUBECACHEDIR", folder.resolve("kubectl-cache").toString(),
        "KUBERC", "off");
  }

  /// Ends all servers and removes the folder. Waits for both.
  @Override
  public void close() {
    try {
      launcher.outputWriter().close();
      if (!launcher.waitFor(1, TimeUnit.MINUTES)) {
        launcher.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      launcher.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// The launcher and the servers.
  List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(launcher.toHandle()), launcher.descendants()).toList();
  }

  private static Path binariesOrSkip() {
    return builtOrSkip(Build.RESULT);
  }

  /// What a build printed: where to find what it built.
  static Path builtOrSkip(Completed build) {
    boolean required = "required".equals(System.getenv("ONEFLOW_TEST_CLUSTER"));
    if (build.exitCode() == UNAVAILABLE && !required) {
      Assumptions.abort(build.stderr());
    }
    return Path.of(build.output());
  }

  static String script(String name) {
    return ROOT.resolve("scripts/cluster").resolve(name).toString();
  }

  /// Tests run in the folder of their module, or in the root when an IDE runs them.
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    for (Optional<Path> at = Optional.of(here); at.isPresent(); at = at.map(Path::getParent)) {
      if (Files.isExecutable(at.get().resolve("scripts/cluster/build"))) {
        return at.get();
      }
    }
    throw new IllegalStateException("no scripts/cluster/build above " + here);
  }

  private static final class Build {
    static final Completed RESULT =
        Completed.run(new ProcessBuilder(script("build")), "", System.err::println);
  }

  private static final class Shared {
    static final TestCluster CLUSTER = start();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(CLUSTER::close, "test-cluster-end"));
    }
  }
}
