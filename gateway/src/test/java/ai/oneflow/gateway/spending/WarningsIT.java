package ai.oneflow.gateway.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.snapshot.Secret;
import ai.oneflow.snapshot.WebhookEntry;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WarningsIT {
  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final String KEY = "shared";

  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final List<Crossing> heard = new CopyOnWriteArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private HttpServer receiver;
  private Warnings warnings;

  private record Post(String signature, String delivery, String body) {}

  @BeforeEach
  void receive() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/hook",
        exchange -> {
          posts.add(
              new Post(
                  String.valueOf(exchange.getRequestHeaders().getFirst("oneflow-signature")),
                  String.valueOf(exchange.getRequestHeaders().getFirst("oneflow-delivery")),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(Objects.requireNonNullElse(answers.poll(), 204), -1);
          exchange.close();
        });
    receiver.start();
    warnings =
        new Warnings(
            heard::add,
            new Delivery.Pace(InstantSource.fixed(NOW), pauses::add, Duration.ofSeconds(4)));
    URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
    warnings.configure(Optional.of(new WebhookEntry(url, Optional.of(new Secret(KEY)))));
  }

  @AfterEach
  void close() {
    warnings.close();
    receiver.stop(0);
  }

  @Test
  void postsWhatWasCrossedSignedWithTheSharedKey() throws Exception {
    Crossing crossing = crossing();

    warnings.crossed(crossing);

    await().untilAsserted(() -> assertThat(posts).hasSize(1));
    Post post = posts.getFirst();
    assertThat(post.body())
        .contains("\"subject\":\"key ai/search\"", "\"percent\":80")
        .contains("\"used_credits\":\"8.0000000000\"", "\"limit_credits\":\"10.0000000000\"")
        .contains("\"period_start\":\"2026-03-01T00:00:00Z\"");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = NOW.getEpochSecond() + "." + post.body();
    assertThat(post.signature())
        .isEqualTo(
            "t="
                + NOW.getEpochSecond()
                + ",v1="
                + HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    assertThat(heard).containsExactly(crossing);
  }

  @Test
  void triesAgainUntilItIsTakenAndUnderTheSameName() {
    answers.addAll(List.of(500, 429, 503));

    warnings.crossed(crossing());

    await().untilAsserted(() -> assertThat(posts).hasSize(4));
    assertThat(posts.stream().map(Post::delivery).distinct()).hasSize(1);
    assertThat(pauses).hasSize(3);
    assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(16));
  }

  @Test
  void givesUpWhereItIsRefused() {
    answers.addAll(List.of(410));

    warnings.crossed(crossing());
    warnings.crossed(crossing());

    await().untilAsserted(() -> assertThat(posts).hasSize(2));
    assertThat(pauses).isEmpty();
  }

  @Test
  void postsNothingWhereNobodyIsToBeTold() {
    warnings.configure(Optional.empty());

    warnings.crossed(crossing());
    warnings.close();

    assertThat(heard).hasSize(1);
    assertThat(posts).isEmpty();
  }

  private static Crossing crossing() {
    Limit limit =
        Limit.hard("counter", "key ai/search", Unit.CREDITS, new Span.Whole(), 100_000_000_000L);
    return new Crossing(
        limit, 80, Instant.parse("2026-03-01T00:00:00Z").toEpochMilli(), 80_000_000_000L);
  }
}
