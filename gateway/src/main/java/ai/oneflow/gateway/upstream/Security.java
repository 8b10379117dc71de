package ai.oneflow.gateway.upstream;

import io.netty.handler.ssl.SslContext;

/// How a connection to a provider is secured.
public sealed interface Security {

  /// Not at all, as to a model server inside the cluster.
  record Plaintext() implements Security {}

  /// By TLS; the context says whom to trust. Equal only to the same context.
  record Tls(SslContext context) implements Security {}
}
