package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// When a request has ended by the ledger's word, which decides whether its charge counts again
/// after its gateway's death.
@ExtendWith(LeakWatch.class)
class LateChargesIT {
  private static final long A_WHILE_MILLIS = 300;

  @TempDir Path folder;

  /// No later than its caller saw it end: what came after that was told to nobody's counters.
  @Test
  void aRequestThatWaitedForItsBodyHasEndedWhenItsCallerSawTheEnd() throws Exception {
    try (MeteredCalls calls = MeteredCalls.start(folder)) {
      long ended = callSlowly(calls.gateway());
      calls.line();

      assertThat(endedSince(ended - A_WHILE_MILLIS)).as("it is found at all").isEqualTo(1);
      assertThat(endedSince(ended + 2)).isZero();
    }
  }

  private int endedSince(long millis) throws SQLException {
    return new LateCharges(LedgerOptions.in(folder).database())
        .since("test", millis, Long.MAX_VALUE)
        .size();
  }

  /// @return when the end was seen
  private static long callSlowly(GatewayUnderTest gateway) throws IOException {
    byte[] body = MeteredCalls.body("", "").getBytes(UTF_8);
    try (Socket socket = gateway.openBefore(body.length)) {
      long sent = System.currentTimeMillis();
      await().until(() -> System.currentTimeMillis() - sent >= A_WHILE_MILLIS);
      socket.getOutputStream().write(body);
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200");
      return System.currentTimeMillis();
    }
  }
}
