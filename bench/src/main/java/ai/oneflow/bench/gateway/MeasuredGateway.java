package ai.oneflow.bench.gateway;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.gateway.exchange.accept.Bounds;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Starts a gateway with all that a request costs: a key with its limits, a priced route, the
/// ledger, metrics.
///
/// Arguments: port, management port, upstream port, and a folder for the ledger and for `key`, the
/// file with the caller's key, which is made unless it is there. Then, if not `memory`, where
/// limits are: `none`, or `exact` or `shares` with the port of a Redis and the number of this
/// gateway, from 0. Or `routed`: no limits, but 20 targets to choose from. Then, if not `usual`,
/// how much it takes on at once: connections, megabytes of bodies, and milliseconds of lag, with
/// commas between them.
public final class MeasuredGateway {
  private static final int LIMITS = 4;
  private static final int REDIS = 5;
  private static final int NUMBER = 6;
  private static final int BOUNDS = 7;
  private static final int TARGETS = 20;

  private MeasuredGateway() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[3]);
    String key = key(folder.resolve("key"));
    String instance = "measured-" + (arguments.length > NUMBER ? arguments[NUMBER] : "0");
    URI upstream = URI.create("http://127.0.0.1:" + arguments[2] + "/v1");
    GatewayOptions options =
        new GatewayOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])),
            1,
            LedgerOptions.in(Files.createDirectories(folder.resolve(instance))),
            instance);
    Gateway gateway = Gateway.start(options.withBounds(bounds(arguments)));
    GatewaySnapshot snapshot =
        mode(arguments).equals("routed")
            ? MeasuredConfiguration.manyTargets(upstream, key, TARGETS, Strategy.BALANCED)
            : MeasuredConfiguration.of(upstream, key, limits(arguments));
    if (gateway.sink().offer(snapshot) instanceof Outcome.Refused(var refusals)) {
      throw new IllegalStateException("the gateway refuses its configuration: " + refusals);
    }
    new CountDownLatch(1).await();
  }

  private static String key(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.writeString(file, "of_bench_" + new BigInteger(192, new SecureRandom()).toString(36));
    }
    return Files.readString(file);
  }

  private static String mode(String[] arguments) {
    return arguments.length > LIMITS ? arguments[LIMITS] : "memory";
  }

  private static Bounds bounds(String[] arguments) {
    if (arguments.length <= BOUNDS || arguments[BOUNDS].equals("usual")) {
      return Bounds.usual();
    }
    String[] bounds = arguments[BOUNDS].split(",", -1);
    return new Bounds(
        Integer.parseInt(bounds[0]),
        Long.parseLong(bounds[1]) << 20,
        Duration.ofMillis(Long.parseLong(bounds[2])));
  }

  private static MeasuredLimits limits(String[] arguments) {
    return switch (mode(arguments)) {
      case "none" -> MeasuredLimits.none();
      case "memory" -> MeasuredLimits.inMemory();
      case "exact" -> MeasuredLimits.inRedis(redis(arguments), RedisEntry.Admission.EXACT);
      case "shares" -> MeasuredLimits.inRedis(redis(arguments), RedisEntry.Admission.SHARES);
      default ->
          throw new IllegalArgumentException(
              "limits must be none, routed, memory, exact or shares");
    };
  }

  private static URI redis(String[] arguments) {
    return URI.create("redis://127.0.0.1:" + arguments[REDIS]);
  }
}
