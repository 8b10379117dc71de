package ai.oneflow.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// Nodes of a test cluster that run its Pods as processes of this machine, and connect whoever
/// calls a Service to one of its ready Pods. They end, and their Pods with them, with [#close()] or
/// with this JVM. Needs root.
public final class ProcessNodes implements AutoCloseable {
  private final TestCluster cluster;
  private final Process process;
  private final Properties addresses;

  private ProcessNodes(TestCluster cluster, Process process, Properties addresses) {
    this.cluster = cluster;
    this.process = process;
    this.addresses = addresses;
  }

  /// What a Pod's image stands for.
  ///
  /// @param root its file system
  /// @param dockerfile says what runs in it
  public record Image(Path root, Path dockerfile) {}

  /// Nodes whose Pods run in these images, which are known by their names.
  public static ProcessNodes start(
      TestCluster cluster, List<String> names, Map<String, Image> images) {
    List<String> options = new ArrayList<>();
    images.forEach(
        (name, image) ->
            options.addAll(List.of("-image", name + "=" + image.root + "," + image.dockerfile)));
    return start(cluster, names, options);
  }

  /// A node that says of every Pod that it runs and is ready, and runs nothing. Needs no root.
  public static ProcessNodes hollow(TestCluster cluster, String name) {
    return start(cluster, List.of(name), List.of("-hollow"));
  }

  private static ProcessNodes start(TestCluster cluster, List<String> names, List<String> options) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(TestCluster.script("nodes"), "-data", cluster.folder("nodes").toString()));
    names.forEach(name -> command.addAll(List.of("-name", name)));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(cluster.environment());
    try {
      Process process = builder.start();
      var said = Completed.read(process.errorReader(), System.err::println);
      Properties addresses = new Properties();
      addresses.load(process.inputReader()); // which it closes when its nodes are ready
      if (addresses.isEmpty()) {
        throw new IllegalStateException("the nodes do not start: " + said.join());
      }
      return new ProcessNodes(cluster, process, addresses);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where a Service's port is listened for on this machine.
  public URI service(String namespace, String name, int port) {
    String ip =
        cluster
            .kubectl("get", "service", name, "-n", namespace, "-o", "jsonpath={.spec.clusterIP}")
            .output();
    String last = ip.substring(ip.indexOf('.', ip.indexOf('.') + 1));
    return URI.create("http://" + addresses.getProperty("services") + last + ":" + port);
  }

  @Override
  public void close() {
    try {
      process.outputWriter().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
