package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.snapshot.Credential;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.URI;

/// The bytes of a request's head, all but the length of its body, made once when configuration is
/// compiled. Nothing in it comes from a caller. Holds a secret: it has no `toString` that would
/// show it.
public final class OpenAiRequestHead {
  private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);

  private final byte[] upToLength;

  private OpenAiRequestHead(byte[] upToLength) {
    this.upToLength = upToLength;
  }

  /// The head for an API of a provider.
  ///
  /// @throws IllegalArgumentException where the key holds what cannot stand in a header
  public static OpenAiRequestHead of(URI endpoint, Surface surface, Credential credential) {
    String base = endpoint.getRawPath().replaceAll("/+$", "");
    String text =
        "POST "
            + base
            + surface.path()
            + " HTTP/1.1\r\n"
            + "host: "
            + endpoint.getRawAuthority()
            + "\r\n"
            + authorization(credential)
            + "content-type: application/json\r\n"
            + "accept: application/json, text/event-stream\r\n"
            + "user-agent: oneflow\r\n"
            + "content-length: ";
    return new OpenAiRequestHead(text.getBytes(US_ASCII));
  }

  private static String authorization(Credential credential) {
    return switch (credential) {
      case Credential.None() -> "";
      case Credential.ApiKey(var secret) -> {
        String key = secret.reveal();
        if (!key.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
          throw new IllegalArgumentException(
              "the provider's key holds a character that cannot stand in a header, such as a line break");
        }
        yield "authorization: Bearer " + key + "\r\n";
      }
    };
  }

  /// How many bytes [#write] needs besides the body.
  public int maxLength() {
    return upToLength.length + 10 + END.length;
  }

  public void write(ByteBuf out, int bodyLength) {
    out.writeBytes(upToLength);
    ByteBufUtil.writeAscii(out, Integer.toString(bodyLength));
    out.writeBytes(END);
  }
}
