package ai.oneflow.bench.gateway;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;

/// Starts a gateway with all that a request costs: a key, two request limits in memory, a priced
/// route, the ledger, metrics. Arguments: port, management port, upstream port, and a folder for
/// the ledger and for
/// `key`, the file with the caller's key, which is made anew.
public final class MeasuredGateway {
  private MeasuredGateway() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[3]);
    String key = "of_bench_" + new BigInteger(192, new SecureRandom()).toString(36);
    Files.writeString(folder.resolve("key"), key);
    URI upstream = URI.create("http://127.0.0.1:" + arguments[2] + "/v1");
    GatewayOptions options =
        new GatewayOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])),
            1,
            LedgerOptions.in(folder),
            "measured");
    Gateway gateway = Gateway.start(options);
    GatewaySnapshot snapshot = MeasuredConfiguration.of(upstream, key);
    if (gateway.sink().offer(snapshot) instanceof Outcome.Refused(var refusals)) {
      throw new IllegalStateException("the gateway refuses its configuration: " + refusals);
    }
    new CountDownLatch(1).await();
  }
}
