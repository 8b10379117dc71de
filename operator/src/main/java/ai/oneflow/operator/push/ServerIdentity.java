package ai.oneflow.operator.push;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/// What the push server shows of itself to whoever connects, and may be replaced while it serves.
final class ServerIdentity {
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();

  ServerIdentity(PushTls tls) {
    use(tls);
  }

  void use(PushTls tls) {
    keys.updateIdentityCredentials(
        new X509Certificate[] {tls.server().certificate(), tls.authority().certificate()},
        tls.server().key());
  }

  SslContext context() {
    try {
      // The JDK's provider: the operator needs no native library, its streams are few and quiet.
      return GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
          .protocols("TLSv1.3")
          .clientAuth(ClientAuth.NONE)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("the push server's certificate cannot be used", e);
    }
  }
}
