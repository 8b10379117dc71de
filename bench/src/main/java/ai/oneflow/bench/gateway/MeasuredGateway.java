package ai.oneflow.bench.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RouteEntry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Starts a gateway with all that a request costs: a key, two request limits in memory, a priced
/// route, the ledger,
/// metrics. Arguments: port, management port, upstream port, and a folder for the ledger and for
/// `key`, the file with the caller's key, which is made anew.
public final class MeasuredGateway {
  private static final String MODEL = "gpt-4o";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long NEVER_REACHED = 1_000_000_000_000L;

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
    GatewaySnapshot snapshot = snapshot(upstream, MODEL, key);
    if (gateway.sink().offer(snapshot) instanceof Outcome.Refused(var refusals)) {
      throw new IllegalStateException("the gateway refuses its configuration: " + refusals);
    }
    new CountDownLatch(1).await();
  }

  private static GatewaySnapshot snapshot(URI upstream, String model, String key) {
    return GatewaySnapshot.of(
        List.of(
            new GatewayEntry("bench", "gateway", 1, 10 << 20, List.of()),
            provider(upstream, model),
            new RouteEntry(
                "bench",
                "route",
                1,
                List.of(model),
                RouteEntry.Strategy.PRIORITY,
                List.of(new RouteEntry.Target("bench", "provider", model, 0, 0)),
                RouteEntry.Unpriced.REFUSE),
            new KeyEntry(
                "bench",
                "key",
                1,
                List.of(new KeyEntry.Hash(sha256(key), Optional.empty())),
                "user",
                "project",
                List.of(),
                List.of(
                    new RateLimit(NEVER_REACHED, Duration.ofHours(1)),
                    new RateLimit(NEVER_REACHED, Duration.ofDays(1))),
                false,
                Optional.empty())));
  }

  private static ProviderEntry provider(URI upstream, String model) {
    PriceList price =
        new PriceList(
            "bench",
            Instant.EPOCH,
            new PriceList.TokenPrices(
                2_500_000, 1_250_000, 2_500_000, 2_500_000, 10_000_000, 10_000_000, 0, 0),
            new PriceList.UnitPrices(0, 0, 0, 0),
            50,
            List.of());
    return new ProviderEntry(
        "bench",
        "provider",
        1,
        Dialect.OPENAI,
        upstream,
        List.of(new Credential.None()),
        "",
        List.of(
            new ModelEntry(
                model,
                List.of(price),
                new ModelEntry.Capabilities(0, 0, true, true, true),
                50,
                Duration.ofMillis(1))),
        new ProviderEntry.Timeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE),
        0,
        "",
        false);
  }

  private static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
