package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.SnapshotSink;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PushClientTest {
  @TempDir Path folder;

  /// As a name with a space in it, which no check of ours foresaw.
  @Test
  void whateverKeepsItFromConnectingItTriesAgain() throws IOException {
    Path empty = Files.createFile(folder.resolve("token"));
    Logger logger = (Logger) LoggerFactory.getLogger(PushClient.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    OperatorAddress nowhere = new OperatorAddress("no such host", 9443, empty, empty);

    try (PushClient client =
        new PushClient(nowhere, new Self("ai", "main", "main-0"), new Refusing())) {
      client.start();
      await().until(() -> logged.list.size() >= 2);
    } finally {
      logger.detachAppender(logged);
    }

    assertThat(logged.list.getFirst().getFormattedMessage())
        .startsWith("cannot connect to the operator: ");
  }

  private static final class Refusing implements SnapshotSink {
    @Override
    public Outcome offer(ai.oneflow.snapshot.GatewaySnapshot snapshot) {
      throw new AssertionError("nobody is there to push");
    }
  }
}
