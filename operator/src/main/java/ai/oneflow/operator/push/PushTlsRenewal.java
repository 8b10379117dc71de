package ai.oneflow.operator.push;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the certificate of a server that runs for longer than its certificate lasts, or than
/// the Secret that it is kept in.
public final class PushTlsRenewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PushTlsRenewal.class);
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final Runnable renewal;
  private final Thread thread = Thread.ofVirtual().name("push-tls-renewal").unstarted(this::run);

  /// Does nothing before [#start].
  ///
  /// @param renewal renews where it must be, and may fail
  public PushTlsRenewal(Runnable renewal) {
    this.renewal = renewal;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        tick();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// What fails now is tried again minutes later, months before the end.
  void tick() {
    try {
      renewal.run();
    } catch (RuntimeException e) {
      LOG.error("the push server's certificate cannot be renewed", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
