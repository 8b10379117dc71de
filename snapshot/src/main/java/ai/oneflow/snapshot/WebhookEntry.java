package ai.oneflow.snapshot;

import java.net.URI;
import java.util.Optional;

/// Where warnings about budgets are posted.
///
/// @param url `http` or `https`, with a host
/// @param signingKey of the HMAC over each body; empty: bodies are not signed
public record WebhookEntry(URI url, Optional<Secret> signingKey) {

  public WebhookEntry {
    String scheme = String.valueOf(url.getScheme());
    if ((!scheme.equals("http") && !scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException("webhook.url must be http:// or https:// with a host");
    }
  }
}
