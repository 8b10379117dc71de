package ai.oneflow.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/// Which bearer tokens are good, kept as hashes. None named: every caller is welcome.
public record AcceptedKeys(Set<String> hashes) {
  private static final String SCHEME = "Bearer ";
  private static final int PREFIX_CHARACTERS = 12;

  public AcceptedKeys {
    hashes = Set.copyOf(hashes);
  }

  public static AcceptedKeys of(Set<String> keys) {
    return new AcceptedKeys(
        keys.stream().map(AcceptedKeys::hash).collect(Collectors.toUnmodifiableSet()));
  }

  boolean accepts(String authorization) {
    return hashes.isEmpty()
        || (authorization.startsWith(SCHEME)
            && hashes.contains(hash(authorization.substring(SCHEME.length()))));
  }

  /// The start of a key's hash: enough to tell keys apart in a test, and nothing to log in with.
  static String prefix(String authorization) {
    String key =
        authorization.startsWith(SCHEME) ? authorization.substring(SCHEME.length()) : authorization;
    return key.isEmpty() ? "" : hash(key).substring(0, PREFIX_CHARACTERS);
  }

  private static String hash(String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
