package ai.oneflow.gateway.dialect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/// What a reader makes of an answer, whatever the pieces that it comes in.
final class Split {
  private Split() {}

  /// Reads the text whole, cut in two at every byte, and byte by byte, and all of these say the
  // same.
  static Optional<Usage> read(Supplier<UsageReader> reader, String text) {
    return read(reader, text.getBytes(UTF_8));
  }

  static Optional<Usage> read(Supplier<UsageReader> reader, byte[] bytes) {
    Optional<Usage> whole = pieces(reader.get(), bytes);
    for (int at = 1; at < bytes.length; at++) {
      byte[] head = Arrays.copyOf(bytes, at);
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      assertThat(pieces(reader.get(), head, tail)).as("split at %d", at).isEqualTo(whole);
    }
    byte[][] single = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      single[i] = new byte[] {bytes[i]};
    }
    assertThat(pieces(reader.get(), single)).as("byte by byte").isEqualTo(whole);
    return whole;
  }

  /// Reads the bytes in one piece.
  static Optional<Usage> whole(UsageReader reader, byte[] bytes) {
    return pieces(reader, bytes);
  }

  private static Optional<Usage> pieces(UsageReader reader, byte[]... pieces) {
    for (byte[] piece : pieces) {
      reader.read(Unpooled.wrappedBuffer(piece));
    }
    return reader.usage();
  }
}
