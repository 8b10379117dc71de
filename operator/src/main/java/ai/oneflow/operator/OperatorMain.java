package ai.oneflow.operator;

import ai.oneflow.operator.lead.Leadership;
import ai.oneflow.operator.ops.ManagementServer;
import ai.oneflow.operator.ops.Metric;
import ai.oneflow.operator.reconcile.ControlPlane;
import ai.oneflow.operator.status.StatusFigures;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the operator and keeps it until the process is told to end.
public final class OperatorMain {
  private static final String LOGBACK = "logback.configurationFile";

  static {
    // By a name of its own: in standalone mode the operator is a guest in another process. Set
    // before the first logger is made.
    if (System.getProperty(LOGBACK) == null) {
      System.setProperty(LOGBACK, "operator-logback.xml");
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
  private static final int WRONG_USE = 64;
  private static final int FAILED = 1;

  private OperatorMain() {}

  public static void main(String[] args) throws InterruptedException {
    Arguments arguments = arguments(args);
    try {
      run(arguments);
    } catch (IOException | RuntimeException e) {
      LOG.error("the operator cannot start", e);
      // Libraries keep threads of their own, which would keep the process.
      System.exit(FAILED);
    }
  }

  private static Arguments arguments(String[] args) {
    try {
      return Arguments.parse(List.of(args), System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(Arguments.USAGE);
      System.exit(WRONG_USE);
      throw e;
    }
  }

  private static void run(Arguments arguments) throws IOException, InterruptedException {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    AtomicBoolean ready = new AtomicBoolean();
    AtomicReference<Optional<ControlPlane>> leading = new AtomicReference<>(Optional.empty());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ended, closed), "end"));
    try (ManagementServer management =
            ManagementServer.start(
                arguments.management(), ready::get, () -> metrics(leading.get()));
        KubernetesClient client = ControlPlane.client(Config.autoConfigure(null));
        Leadership leadership =
            Leadership.seek(client, arguments.candidate(), OperatorMain::loseTheLead)) {
      ready.set(true); // to take over, too
      LOG.info("waiting to lead, probes are answered on port {}", management.port());
      CompletableFuture.anyOf(leadership.won(), ended).join();
      if (!ended.isDone()) {
        lead(arguments, client, leadership, new Term(leading, ended));
      }
      ready.set(false);
    } finally {
      closed.countDown();
    }
  }

  private static void lead(
      Arguments arguments, KubernetesClient client, Leadership leadership, Term term)
      throws IOException {
    try (ControlPlane plane = ControlPlane.start(arguments.settings(), client)) {
      term.leading.set(Optional.of(plane));
      leadership.show();
      LOG.info("operator ready, gateways connect to port {}", plane.pushPort());
      term.ended.join();
    } finally {
      term.leading.set(Optional.empty());
    }
  }

  /// What others see of the time in which this one leads.
  private record Term(
      AtomicReference<Optional<ControlPlane>> leading, CompletableFuture<Void> ended) {}

  private static Map<Metric, Long> metrics(Optional<ControlPlane> leading) {
    StatusFigures statuses =
        leading.map(ControlPlane::statusFigures).orElse(new StatusFigures(0, 0, 0));
    return Map.of(
        Metric.LEADING,
        leading.isPresent() ? 1L : 0L,
        Metric.STATUSES_WAITING,
        (long) statuses.waiting(),
        Metric.STATUS_WRITES,
        statuses.written(),
        Metric.STATUS_WRITE_FAILURES,
        statuses.failed());
  }

  /// Another may lead by now: what this one still thinks is nobody's business. It is started again.
  private static void loseTheLead() {
    LOG.error("the lead is lost, since the API server could not be told of it in time");
    // Not on this thread, for which the end would wait.
    Thread.ofPlatform().start(() -> System.exit(FAILED));
  }

  private static void end(CompletableFuture<Void> ended, CountDownLatch closed) {
    ended.complete(null);
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
