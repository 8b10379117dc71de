package ai.oneflow.gateway.exchange.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.idempotency.AnswerSeal;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.snapshot.EntryKey;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Makes a request's identity: hashes from which nobody reads what the caller sent.
///
/// The body's hash begins with the name as the caller gave it, which is kept nowhere: whoever sees
/// the hashes cannot try what a prompt may have been.
final class RequestIdentity {
  private static final String SCHEME = "Bearer ";

  private RequestIdentity() {}

  /// @param name as the caller gave it
  static Identity of(EntryKey key, ParsedRequest request, String name, HttpHeaders headers) {
    byte[] scope =
        String.join("\n", key.toString(), request.surface().label(), request.fields().model(), name)
            .getBytes(UTF_8);
    MessageDigest sha256 = sha256();
    String hash = HexFormat.of().formatHex(sha256.digest(scope));
    sha256.update(scope);
    sha256.update((byte) 0);
    update(sha256, request.body());
    String body = HexFormat.of().formatHex(sha256.digest());
    return new Identity(hash, body, new AnswerSeal(secret(headers), hash + body));
  }

  private static void update(MessageDigest sha256, ByteBuf body) {
    for (ByteBuffer piece : body.nioBuffers()) {
      sha256.update(piece);
    }
  }

  /// The key that the caller was known by: what follows the scheme.
  private static byte[] secret(HttpHeaders headers) {
    String sent = headers.get(HttpHeaderNames.AUTHORIZATION);
    return sent.substring(SCHEME.length()).strip().getBytes(UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
