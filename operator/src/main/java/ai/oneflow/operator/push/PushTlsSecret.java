package ai.oneflow.operator.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the operator's [PushTls] in a Secret of its own namespace, and the authority's certificate
/// in a ConfigMap beside it, for gateways.
public final class PushTlsSecret {
  public static final String SECRET = "oneflow-push-tls";
  public static final String CONFIG_MAP = "oneflow-push-ca";
  public static final String CA_CERTIFICATE = "ca.crt";
  private static final String CA_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String FIELD_MANAGER = "oneflow-operator";

  private static final Logger LOG = LoggerFactory.getLogger(PushTlsSecret.class);

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;

  public PushTlsSecret(KubernetesClient client, String namespace, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  /// What is kept, made or renewed where it must be. Of several operators that start together, one
  /// creates the Secret and the others take what it holds.
  public PushTls obtain(List<String> names) {
    PushTls tls = read().orElseGet(() -> create(names));
    PushTls renewed = tls.renewed(names, clock.instant());
    if (!renewed.equals(tls)) {
      apply(renewed);
    }
    publish(renewed);
    return renewed;
  }

  /// What is shown, renewed where it must be, and kept again where the Secret does not hold it any
  /// more: gateways were told to trust this authority and no other.
  public PushTls keep(PushTls shown, List<String> names) {
    PushTls renewed = shown.renewed(names, clock.instant());
    if (!holds(renewed)) {
      LOG.warn("Secret {}/{} is written again", namespace, SECRET);
      apply(renewed);
    }
    publish(renewed);
    return renewed;
  }

  private boolean holds(PushTls tls) {
    try {
      return find().map(PushTlsSecret::parse).filter(tls::equals).isPresent();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void apply(PushTls tls) {
    client.resource(secret(tls)).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  private Optional<Secret> find() {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(SECRET).get());
  }

  /// @throws IllegalArgumentException where it does not hold what it should
  private static PushTls parse(Secret secret) {
    try {
      return new PushTls(
          Pem.keypair(value(secret, CA_CERTIFICATE), value(secret, CA_KEY)),
          Pem.keypair(value(secret, CERTIFICATE), value(secret, KEY)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private Optional<PushTls> read() {
    try {
      return find().map(PushTlsSecret::parse);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "Secret "
              + namespace
              + "/"
              + SECRET
              + " does not hold the push server's certificates: "
              + e.getMessage()
              + "; delete it, and the operator makes new ones when it is started again",
          e);
    }
  }

  private PushTls create(List<String> names) {
    PushTls made = PushTls.create(names, clock.instant());
    try {
      client.resource(secret(made)).create();
      return made;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return read().orElseThrow(() -> e);
      }
      throw e;
    }
  }

  private Secret secret(PushTls tls) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(SECRET)
        .endMetadata()
        .withType("Opaque")
        .withData(
            Map.of(
                CA_CERTIFICATE, base64(Pem.ofCertificate(tls.authority().certificate())),
                CA_KEY, base64(Pem.ofKey(tls.authority().key())),
                CERTIFICATE, base64(Pem.ofCertificate(tls.server().certificate())),
                KEY, base64(Pem.ofKey(tls.server().key()))))
        .build();
  }

  private void publish(PushTls tls) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(CONFIG_MAP)
                .endMetadata()
                .withData(Map.of(CA_CERTIFICATE, Pem.ofCertificate(tls.authority().certificate())))
                .build())
        .fieldManager(FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  private static String value(Secret secret, String key) throws GeneralSecurityException {
    String base64 = secret.getData() == null ? null : secret.getData().get(key);
    if (base64 == null) {
      throw new GeneralSecurityException(key + " is missing");
    }
    return new String(Base64.getDecoder().decode(base64), UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
