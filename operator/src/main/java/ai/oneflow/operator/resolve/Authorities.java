package ai.oneflow.operator.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/// Reads certificate authorities to see whether a gateway will be able to.
final class Authorities {
  private Authorities() {}

  static boolean readable(String pem) {
    try {
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
          .isEmpty();
    } catch (CertificateException _) {
      return false;
    }
  }
}
