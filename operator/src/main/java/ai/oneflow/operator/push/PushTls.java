package ai.oneflow.operator.push;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What the push server proves itself with: a certificate for its names, and the authority of its
/// own that issued it and that gateways trust.
///
/// The keys are secret and show in no `toString`.
///
/// @param authority issues; gateways are given its certificate and nothing else
/// @param server serves
public record PushTls(Keypair authority, Keypair server) {
  /// A server certificate is replaced when less than this is left of it.
  private static final Duration RENEW_BEFORE = Duration.ofDays(90);

  /// A new authority and a certificate of it for these DNS names and IP addresses.
  public static PushTls create(List<String> names, Instant now) {
    Keypair authority = Certificates.authority(now);
    return new PushTls(authority, Certificates.issue(authority, names, now));
  }

  /// This, if its server certificate still serves; else another of the same authority, so that
  /// gateways need not learn anew whom to trust.
  public PushTls renewed(List<String> names, Instant now) {
    boolean lasts = server.certificate().getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE));
    if (lasts && Set.copyOf(Certificates.namesOf(server.certificate())).containsAll(names)) {
      return this;
    }
    return new PushTls(authority, Certificates.issue(authority, names, now));
  }

  /// A private key and the certificate over it.
  public record Keypair(PrivateKey key, X509Certificate certificate) {
    @Override
    public String toString() {
      return "Keypair[" + certificate.getSubjectX500Principal() + "]";
    }
  }
}
