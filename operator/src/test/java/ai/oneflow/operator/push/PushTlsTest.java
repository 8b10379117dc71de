package ai.oneflow.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushTlsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> NAMES = List.of("oneflow-operator.oneflow.svc", "127.0.0.1");

  private final PushTls tls = PushTls.create(NAMES, NOW);

  @Test
  void serverCertificateIsForItsNamesAndOfItsAuthority() throws GeneralSecurityException {
    assertThat(Certificates.namesOf(tls.server().certificate()))
        .containsExactlyInAnyOrderElementsOf(NAMES);
    tls.server().certificate().verify(tls.authority().certificate().getPublicKey());
  }

  @Test
  void isKeptWhileItServes() {
    assertThat(tls.renewed(NAMES, NOW.plus(Duration.ofDays(200)))).isSameAs(tls);
  }

  @Test
  void isRenewedBeforeItEndsByTheSameAuthority() {
    PushTls renewed = tls.renewed(NAMES, NOW.plus(Duration.ofDays(300)));

    assertThat(renewed.server()).isNotEqualTo(tls.server());
    assertThat(renewed.authority()).isEqualTo(tls.authority());
  }

  @Test
  void isRenewedForAFurtherName() {
    PushTls renewed = tls.renewed(List.of("127.0.0.1", "operator.example.com"), NOW);

    assertThat(Certificates.namesOf(renewed.server().certificate()))
        .contains("operator.example.com");
  }

  @Test
  void survivesBeingWrittenAsText() throws GeneralSecurityException {
    String certificate = Pem.ofCertificate(tls.server().certificate());
    String key = Pem.ofKey(tls.server().key());

    assertThat(Pem.keypair(certificate, key)).isEqualTo(tls.server());
  }

  @Test
  void textThatIsNoKeyIsRefused() {
    String certificate = Pem.ofCertificate(tls.server().certificate());

    assertThatThrownBy(() -> Pem.keypair(certificate, "nothing"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("no PRIVATE KEY in PEM");
  }

  @Test
  void neverShowsAKey() {
    assertThat(tls.toString()).contains("CN=OneFlow push").doesNotContain("PrivateKey");
  }
}
