package ai.oneflow.gateway.spending;

import ai.oneflow.snapshot.WebhookEntry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Where warnings are posted, and how a receiver can tell that they are ours.
///
/// Signed posts carry `oneflow-signature: t=<seconds since 1970>,v1=<hex>`, where the hexadecimal
/// digits are HMAC-SHA256 (RFC 2104) over `<t>.<body>`: a receiver recomputes it with the shared
/// key and refuses an old `t`. `oneflow-delivery` is the same for every try of one warning, so that
/// a receiver can drop one that it has.
record Webhook(URI url, Optional<SecretKeySpec> key) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static Webhook of(WebhookEntry entry) {
    return new Webhook(
        entry.url(),
        entry
            .signingKey()
            .map(
                secret ->
                    new SecretKeySpec(
                        secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM)));
  }

  HttpRequest post(String delivery, String json, Instant now) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("user-agent", "oneflow")
            .header("oneflow-delivery", delivery)
            .POST(HttpRequest.BodyPublishers.ofString(json));
    key.ifPresent(secret -> request.header("oneflow-signature", signature(secret, json, now)));
    return request.build();
  }

  private static String signature(SecretKeySpec key, String json, Instant now) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      long seconds = now.getEpochSecond();
      byte[] digest = mac.doFinal((seconds + "." + json).getBytes(StandardCharsets.UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
