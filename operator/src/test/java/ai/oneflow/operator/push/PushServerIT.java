package ai.oneflow.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.build.GatewayId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class PushServerIT {
  private final Instant now = Instant.now();
  private final PushTls tls = PushTls.create(List.of("127.0.0.1"), now);

  @Test
  void aRenewedCertificateIsShownToWhoComesNext() throws IOException, GeneralSecurityException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Fleet fleet = new Fleet(Clock.systemUTC(), new Nobody());
    try (PushServer server =
        PushServer.start(any, tls, _ -> new TokenReview.Verdict.Refused("no"), fleet)) {
      assertThat(shownBy(server)).isEqualTo(tls.server().certificate());
      PushTls renewed = tls.renewed(List.of("127.0.0.1", "operator.example.com"), now);

      new PushTlsRenewal(() -> server.use(renewed)).tick();

      assertThat(shownBy(server)).isEqualTo(renewed.server().certificate());
    }
  }

  @Test
  void aRenewalThatFailsLeavesTheCertificate() throws IOException, GeneralSecurityException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Fleet fleet = new Fleet(Clock.systemUTC(), new Nobody());
    try (PushServer server =
        PushServer.start(any, tls, _ -> new TokenReview.Verdict.Refused("no"), fleet)) {
      new PushTlsRenewal(
              () -> {
                throw new IllegalStateException("no API server");
              })
          .tick();

      assertThat(shownBy(server)).isEqualTo(tls.server().certificate());
    }
  }

  private Certificate shownBy(PushServer server) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null);
    trusted.setCertificateEntry("authority", tls.authority().certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class Nobody implements FleetListener {
    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {}
  }
}
