package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.Jwt;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The TCP ports that pods of a gateway call on, read off the addresses that they are given.
public final class EgressPorts {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final int REDIS = 6379;
  private static final int SENTINEL = 26_379;
  private static final int POSTGRESQL = 5432;
  private static final Pattern AUTHORITY = Pattern.compile("^[a-z:+-]*://([^/?#]*)");
  private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})$");

  private EgressPorts() {}

  /// Those of the providers in a snapshot.
  public static Set<Integer> of(GatewaySnapshot snapshot) {
    return snapshot.entries().values().stream()
        .filter(ProviderEntry.class::isInstance)
        .map(entry -> ofHttp(((ProviderEntry) entry).endpoint()))
        .collect(Collectors.toSet());
  }

  /// Those that a gateway's own spec names, and 443: a provider more is the usual change, and it
  /// should not wait for a policy.
  static SortedSet<Integer> of(LLMGatewaySpec spec) {
    SortedSet<Integer> ports = new TreeSet<>(Set.of(HTTPS));
    if (spec.redis() != null) {
      redis(spec.redis().url(), ports);
    }
    if (spec.ledger() != null && spec.ledger().url().startsWith("jdbc:postgresql:")) {
      addresses(spec.ledger().url(), POSTGRESQL, ports);
    }
    if (spec.webhook() != null) {
      ports.add(ofHttp(URI.create(spec.webhook().url())));
    }
    if (spec.tracing() != null) {
      ports.add(ofHttp(URI.create(spec.tracing().endpoint())));
    }
    for (Jwt issuer : spec.jwt()) {
      if (issuer.jwksUri() != null) {
        ports.add(ofHttp(URI.create(issuer.jwksUri())));
      }
    }
    return ports;
  }

  /// Sentinels name a primary, which listens at another port than they do.
  private static void redis(String url, SortedSet<Integer> ports) {
    boolean sentinels = url.contains("-sentinel://");
    addresses(url, sentinels ? SENTINEL : REDIS, ports);
    if (sentinels) {
      ports.add(REDIS);
    }
  }

  private static void addresses(String url, int otherwise, SortedSet<Integer> ports) {
    Matcher authority = AUTHORITY.matcher(url);
    String all = authority.find() ? authority.group(1) : "";
    for (String address : all.split(",", -1)) {
      Matcher port = PORT.matcher(address);
      ports.add(port.find() ? Integer.parseInt(port.group(1)) : otherwise);
    }
  }

  private static int ofHttp(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return scheme.equals("http") ? HTTP : HTTPS;
  }
}
