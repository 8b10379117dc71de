package ai.oneflow.tests.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.tests.cluster.TestCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The store behind a cluster's API server, asked past it over its JSON gateway
/// (<https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/>).
record Etcd(URI address, SSLContext tls) {
  private static final JsonMapper JSON = new JsonMapper();

  /// What stands before a P-256 key of RFC 5915 in one of PKCS 8 (RFC 5208): version, algorithm.
  private static final String ALGORITHM = "020100301306072a8648ce3d020106082a8648ce3d030107";

  private static final char[] NO_PASSWORD = {};

  static Etcd of(TestCluster cluster) throws IOException {
    Path ports = cluster.kubeconfig().resolveSibling("ports.json");
    Path pki = cluster.kubeconfig().resolveSibling("pki");
    int port = JSON.readTree(ports.toFile()).path("etcd").asInt();
    try {
      return new Etcd(URI.create("https://127.0.0.1:" + port), tls(pki));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static SSLContext tls(Path pki) throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("etcd", certificate(pki.resolve("etcd-ca.crt")));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore own = empty();
    Certificate[] chain = {certificate(pki.resolve("etcd-client.crt"))};
    own.setKeyEntry("client", key(pki.resolve("etcd-client.key")), NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(Path pem) throws IOException, GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
  }

  private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
    String base64 = Files.readString(pem).replaceAll("-----[^-]+-----|\\s", "");
    String sec1 = HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
    String pkcs8 = der("30", ALGORITHM + der("04", sec1));
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(HexFormat.of().parseHex(pkcs8)));
  }

  /// Of less than 256 bytes.
  private static String der(String tag, String hex) {
    int length = hex.length() / 2;
    return tag + (length < 128 ? "" : "81") + "%02x".formatted(length) + hex;
  }

  /// Forgets all that was before now: nobody can watch from there on any more.
  void compact() throws IOException, InterruptedException {
    String key = Base64.getEncoder().encodeToString("/".getBytes(US_ASCII));
    String revision =
        ask("/v3/kv/range", "{\"key\":\"" + key + "\"}").path("header").path("revision").asText();
    ask("/v3/kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
  }

  private JsonNode ask(String path, String body) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(address.resolve(path))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " is answered with " + answer.statusCode() + answer.body());
      }
      return JSON.readTree(answer.body());
    }
  }
}
