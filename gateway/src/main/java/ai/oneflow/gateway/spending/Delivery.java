package ai.oneflow.gateway.spending;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one warning to a webhook: tries for about ten minutes, at growing distances. An answer of
/// 2xx is a delivery; a 4xx but 408 and 429 says that trying again would not help.
final class Delivery implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int TRIES = 8;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final HttpClient client;
  private final Webhook webhook;
  private final String id;
  private final String json;
  private final Pace pace;

  /// Time, for tests to hold.
  record Pace(InstantSource clock, Sleep sleep, Duration firstDelay) {}

  /// As [Thread#sleep(Duration)].
  interface Sleep {
    void sleep(Duration time) throws InterruptedException;
  }

  Delivery(HttpClient client, Webhook webhook, String id, String json, Pace pace) {
    this.client = client;
    this.webhook = webhook;
    this.id = id;
    this.json = json;
    this.pace = pace;
  }

  @Override
  public void run() {
    try {
      for (int tried = 0; tried < TRIES; tried++) {
        if (tried > 0) {
          pace.sleep().sleep(delay(tried));
        }
        if (isOver(post())) {
          return;
        }
      }
      LOG.atError().addKeyValue("delivery", id).log("budget warning was not delivered");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Doubles with each try; up to half of it is left to chance, so that gateways do not come
  /// together.
  private Duration delay(int tried) {
    long millis = pace.firstDelay().toMillis() << (tried - 1);
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  /// The status; 0 where there was no answer.
  private int post() throws InterruptedException {
    try {
      return client
          .send(
              webhook.post(id, json, pace.clock().instant()),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("delivery", id).setCause(e).log("webhook did not answer");
      return 0;
    }
  }

  private boolean isOver(int status) {
    boolean delivered = status >= 200 && status < 300;
    boolean refused =
        status >= 400 && status < 500 && status != REQUEST_TIMEOUT && status != TOO_MANY_REQUESTS;
    if (refused) {
      LOG.atError()
          .addKeyValue("delivery", id)
          .addKeyValue("status", status)
          .log("webhook refuses budget warning");
    }
    return delivered || refused;
  }
}
