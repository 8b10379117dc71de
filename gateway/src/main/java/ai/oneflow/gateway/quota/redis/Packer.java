package ai.oneflow.gateway.quota.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one flat MessagePack array of whole numbers and byte strings.
final class Packer {
  /// An amount travels as two numbers, since Lua's are exact up to 2^53 only.
  private static final long BASE = 1_000_000_000;

  private static final int ARRAY_32 = 0xdd;
  private static final int STRING_32 = 0xdb;
  private static final int UNSIGNED_16 = 0xcd;
  private static final int SIGNED_64 = 0xd3;
  private static final int LARGEST_FIXED = 127;
  private static final int LARGEST_16 = 0xffff;
  private static final int HEADER = 5;
  private static final int LONGEST_NUMBER = 9;

  private ByteBuffer bytes = ByteBuffer.allocate(512);
  private int count;

  Packer() {
    bytes.put((byte) ARRAY_32).putInt(0);
  }

  Packer number(long value) {
    room(LONGEST_NUMBER);
    count++;
    if (value >= 0 && value <= LARGEST_FIXED) {
      bytes.put((byte) value);
    } else if (value >= 0 && value <= LARGEST_16) {
      bytes.put((byte) UNSIGNED_16).putShort((short) value);
    } else {
      bytes.put((byte) SIGNED_64).putLong(value);
    }
    return this;
  }

  /// Both halves have the sign of the amount.
  Packer amount(long amount) {
    return number(amount / BASE).number(amount % BASE);
  }

  Packer text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  Packer bytes(byte[] text) {
    room(HEADER + text.length);
    count++;
    bytes.put((byte) STRING_32).putInt(text.length).put(text);
    return this;
  }

  private void room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(2 * bytes.capacity(), bytes.position() + more);
      bytes = ByteBuffer.allocate(size).put(bytes.flip());
    }
  }

  byte[] array() {
    bytes.putInt(1, count);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
