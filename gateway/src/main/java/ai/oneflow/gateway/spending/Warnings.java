package ai.oneflow.gateway.spending;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.snapshot.WebhookEntry;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of budgets that have reached a threshold: in the log, to the webhook if there is one, and
/// to whoever else listens. Once a crossing; the counters see to that.
public final class Warnings implements Crossing.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int MOST_UNDER_WAY = 1_000;

  private final Consumer<Crossing> others;
  private final HttpClient client;
  private final Delivery.Pace pace;
  private final AtomicReference<Optional<Webhook>> webhook =
      new AtomicReference<>(Optional.empty());
  private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MOST_UNDER_WAY);

  /// @param others told of every crossing; must not block
  public Warnings(Consumer<Crossing> others) {
    this(others, new Delivery.Pace(InstantSource.system(), Thread::sleep, Duration.ofSeconds(5)));
  }

  Warnings(Consumer<Crossing> others, Delivery.Pace pace) {
    this.others = others;
    this.pace = pace;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /// Where to post from now on.
  public void configure(Optional<WebhookEntry> entry) {
    webhook.set(entry.map(Webhook::of));
  }

  /// May be called from any thread; posts in the background.
  @Override
  public void crossed(Crossing crossing) {
    LOG.atWarn()
        .addKeyValue("subject", crossing.limit().subject())
        .addKeyValue("percent", crossing.percent())
        .log("budget threshold reached");
    others.accept(crossing);
    webhook.get().ifPresent(target -> deliver(target, crossing));
  }

  private void deliver(Webhook target, Crossing crossing) {
    if (!room.tryAcquire()) {
      LOG.atError().log("budget warning was not delivered: too many are under way");
      return;
    }
    String id = UUID.randomUUID().toString();
    Delivery delivery =
        new Delivery(client, target, id, json(id, crossing, pace.clock().instant()), pace);
    deliveries.execute(
        () -> {
          try {
            delivery.run();
          } finally {
            room.release();
          }
        });
  }

  private static String json(String id, Crossing crossing, Instant now) {
    Limit limit = crossing.limit();
    ObjectNode body = JSON.createObjectNode();
    body.put("id", id);
    body.put("type", "budget.threshold_reached");
    body.put("time", now.toString());
    body.put("subject", limit.subject());
    body.put("percent", crossing.percent());
    body.put("used_credits", credits(crossing.used()));
    body.put("limit_credits", credits(limit.amount()));
    if (crossing.periodStart() > 0) {
      body.put("period_start", Instant.ofEpochMilli(crossing.periodStart()).toString());
    }
    return body.toString();
  }

  private static String credits(long picoDollars) {
    return BigDecimal.valueOf(picoDollars, DECIMALS_OF_A_CREDIT).toPlainString();
  }

  /// Gives up what is not delivered after a second.
  @Override
  public void close() {
    deliveries.shutdown();
    try {
      if (!deliveries.awaitTermination(1, TimeUnit.SECONDS)) {
        deliveries.shutdownNow();
      }
    } catch (InterruptedException e) {
      deliveries.shutdownNow();
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
  }
}
