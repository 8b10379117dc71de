package ai.oneflow.tests.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real Helm. Where it was not built yet it is, which takes minutes, once for a machine; where
/// it cannot be built, the test is skipped and says what is missing, or fails if the environment
/// has `ONEFLOW_TEST_CLUSTER=required`.
public final class Helm {
  private final Path binary;
  private final Path folder;

  private Helm(Path binary, Path folder) {
    this.binary = binary;
    this.folder = folder;
  }

  /// @param folder for Helm's own caches and settings, so that its user's are left alone
  public static Helm orSkip(Path folder) {
    return new Helm(TestCluster.builtOrSkip(Build.RESULT).resolve("helm"), folder);
  }

  /// Runs it in the root of the source tree, without a cluster.
  public Completed run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /// Runs it against a cluster, as its administrator.
  public Completed run(TestCluster cluster, String... arguments) {
    return run(cluster.environment(), arguments);
  }

  private Completed run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(TestCluster.ROOT.toFile());
    Map<String, String> variables = new HashMap<>(environment);
    for (String kind : List.of("CACHE", "CONFIG", "DATA")) {
      variables.put("HELM_" + kind + "_HOME", folder.resolve(kind).toString());
    }
    builder.environment().putAll(variables);
    return Completed.run(builder, "", _ -> {});
  }

  private static final class Build {
    static final Completed RESULT =
        Completed.run(
            new ProcessBuilder(TestCluster.ROOT.resolve("scripts/helm/build").toString()),
            "",
            System.err::println);
  }
}
