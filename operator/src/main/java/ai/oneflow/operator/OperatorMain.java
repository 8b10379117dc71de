package ai.oneflow.operator;

import ai.oneflow.operator.ops.ManagementServer;
import ai.oneflow.operator.reconcile.ControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicBoolean ready = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ended.countDown();
                  try {
                    closed.await();
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                },
                "end"));
    try (ManagementServer management = ManagementServer.start(arguments.management(), ready::get);
        KubernetesClient client = ControlPlane.client(Config.autoConfigure(null));
        ControlPlane plane = ControlPlane.start(arguments.settings(), client)) {
      ready.set(true);
      LOG.info(
          "operator ready, gateways connect to port {}, probes to port {}",
          plane.pushPort(),
          management.port());
      ended.await();
      ready.set(false);
    } finally {
      closed.countDown();
    }
  }
}
