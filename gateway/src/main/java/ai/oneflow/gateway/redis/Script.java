package ai.oneflow.gateway.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/// A Lua script, and the hash by which Redis knows it once it has run.
public final class Script {
  private final byte[] text;
  private final String hash;

  private Script(byte[] text, String hash) {
    this.text = text;
    this.hash = hash;
  }

  byte[] text() {
    return text;
  }

  String hash() {
    return hash;
  }

  public static Script of(byte[] text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(text);
      return new Script(text, HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /// The one of this name beside a class.
  public static Script load(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return of(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
