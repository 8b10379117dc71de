package ai.oneflow.operator.push;

import ai.oneflow.operator.push.PushTls.Keypair;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/// Writes keys and certificates as text and reads them back (RFC 7468).
public final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final int LINE = 64;

  private Pem() {}

  public static String ofCertificate(X509Certificate certificate) {
    try {
      return text(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate has an encoding", e);
    }
  }

  static String ofKey(PrivateKey key) {
    return text(KEY, key.getEncoded());
  }

  /// @throws GeneralSecurityException where this is no such pair
  static Keypair keypair(String certificate, String key) throws GeneralSecurityException {
    X509Certificate x509 =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
    PrivateKey privateKey =
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(KEY, key)));
    return new Keypair(privateKey, x509);
  }

  private static String text(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private static byte[] bytes(String label, String text) throws GeneralSecurityException {
    int begin = text.indexOf("-----BEGIN " + label + "-----");
    int end = text.indexOf("-----END " + label + "-----");
    if (begin < 0 || end < begin) {
      throw new GeneralSecurityException("no " + label + " in PEM");
    }
    String base64 = text.substring(text.indexOf('\n', begin), end);
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the " + label + " in PEM is not base64", e);
    }
  }
}
