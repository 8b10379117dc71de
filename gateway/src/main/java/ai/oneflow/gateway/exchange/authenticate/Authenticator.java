package ai.oneflow.gateway.exchange.authenticate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.KeyTable;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Finds the key behind `Authorization: Bearer …` (RFC 6750). The gateway holds hashes only: what
/// was sent is hashed, looked up by a part of the hash, and compared as a whole in constant time.
/// One event loop only.
public final class Authenticator {
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST_KEY = 512;
  private static final Authentication MISSING =
      new Authentication.Refused(
          GatewayError.of(
              ErrorCode.INVALID_API_KEY,
              "You didn't provide an API key. Send it as Authorization: Bearer YOUR_KEY."));
  private static final Authentication UNKNOWN =
      new Authentication.Refused(
          GatewayError.of(ErrorCode.INVALID_API_KEY, "Incorrect API key provided."));
  private static final Authentication EXPIRED =
      new Authentication.Refused(
          GatewayError.of(ErrorCode.INVALID_API_KEY, "This API key has expired."));
  private static final Authentication SUSPENDED =
      new Authentication.Refused(
          GatewayError.of(ErrorCode.API_KEY_SUSPENDED, "This API key is suspended."));

  private final MessageDigest sha256;

  public Authenticator() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public Authentication authenticate(HttpHeaders headers, KeyTable keys, long nowMillis) {
    String sent = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (sent == null || !sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return MISSING;
    }
    String key = sent.substring(SCHEME.length()).strip();
    if (key.isEmpty()) {
      return MISSING;
    }
    if (key.length() > LONGEST_KEY) {
      return UNKNOWN;
    }
    CompiledKey found = find(sha256.digest(key.getBytes(US_ASCII)), keys);
    if (found == null) {
      return UNKNOWN;
    }
    if (found.suspended()) {
      return SUSPENDED;
    }
    return nowMillis < found.validUntilMillis() ? new Authentication.Known(found) : EXPIRED;
  }

  private static @Nullable CompiledKey find(byte[] hash, KeyTable keys) {
    CompiledKey found = null;
    for (CompiledKey candidate : keys.candidates(hash)) {
      if (MessageDigest.isEqual(candidate.sha256(), hash)) {
        found = candidate;
      }
    }
    return found;
  }
}
