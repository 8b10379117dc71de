package ai.oneflow.gateway.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestHead;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.Succession;
import ai.oneflow.gateway.upstream.Security;
import ai.oneflow.gateway.upstream.UpstreamEndpoint;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.ProviderEntry;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/// Makes a provider ready: its socket address, its TLS context, the heads of its requests.
/// Providers that trust the same have the same context, so that those at one place share its
/// connections, which are nobody's in particular: a credential goes with each request.
final class ProviderCompiler {
  private final HealthBook health;
  private final Map<Trust, Security> contexts = new HashMap<>();

  /// Whom a provider's TLS context trusts.
  private record Trust(boolean anybody, String caCertificates) {
    static Trust of(ProviderEntry entry) {
      return new Trust(entry.insecureSkipVerify(), entry.caCertificates());
    }
  }

  /// @param health what is known of the providers that were served before
  ProviderCompiler(HealthBook health) {
    this.health = health;
  }

  /// @param former the provider as it is in force
  /// @throws IllegalArgumentException where the entry cannot be served; the message says why
  CompiledProvider compile(ProviderEntry entry, Optional<CompiledProvider> former) {
    if (entry.dialect() != Dialect.OPENAI && entry.dialect() != Dialect.OPENAI_COMPATIBLE) {
      throw new IllegalArgumentException(
          "this gateway does not speak the dialect " + entry.dialect().resourceValue());
    }
    URI uri = entry.endpoint();
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    UpstreamEndpoint endpoint =
        new UpstreamEndpoint(
            uri.getHost().replaceAll("^\\[|\\]$", ""),
            port,
            tls ? tls(Trust.of(entry)) : new Security.Plaintext(),
            entry.timeouts().connect());
    List<Map<Surface, OpenAiRequestHead>> heads =
        entry.credentials().stream().map(credential -> heads(uri, credential)).toList();
    String label = entry.namespace() + "/" + entry.name();
    Succession.Line credentials =
        health.succession(
            former
                .filter(known -> isSamePlace(known.entry(), entry))
                .map(CompiledProvider::credentials)
                .orElse(Succession.Line.NONE),
            entry.credentials());
    return new CompiledProvider(entry, label, endpoint, heads, credentials, health.bulkhead(label));
  }

  /// A credential that was given for one place is not sent to another one.
  private static boolean isSamePlace(ProviderEntry former, ProviderEntry entry) {
    return former.endpoint().equals(entry.endpoint()) && Trust.of(former).equals(Trust.of(entry));
  }

  private static Map<Surface, OpenAiRequestHead> heads(URI uri, Credential credential) {
    Map<Surface, OpenAiRequestHead> heads = new EnumMap<>(Surface.class);
    for (Surface surface : Surface.values()) {
      heads.put(surface, OpenAiRequestHead.of(uri, surface, credential));
    }
    return heads;
  }

  /// Forgets the contexts of all providers but these.
  void keep(Collection<ProviderEntry> entries) {
    contexts.keySet().retainAll(entries.stream().map(Trust::of).collect(Collectors.toSet()));
  }

  private Security tls(Trust trust) {
    return contexts.computeIfAbsent(trust, ProviderCompiler::context);
  }

  private static Security context(Trust trust) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    try {
      if (trust.anybody()) {
        builder
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null);
      } else if (!trust.caCertificates().isEmpty()) {
        builder.trustManager(new ByteArrayInputStream(trust.caCertificates().getBytes(US_ASCII)));
      }
      return new Security.Tls(builder.build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("its CA certificates cannot be read as PEM", e);
    }
  }
}
