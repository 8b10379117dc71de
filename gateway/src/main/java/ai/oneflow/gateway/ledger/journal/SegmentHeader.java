package ai.oneflow.gateway.ledger.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The first 512 bytes of a file: magic, format, the gateway's name, and a CRC-32C over them all.
final class SegmentHeader {
  static final int BYTES = 512;

  private static final long MAGIC = 0x4f46_4a4f_5552_4e31L;

  /// The first had no open requests, and events of tokens alone; the second had no failed attempts.
  /// Both are read like the third.
  private static final int FIRST_FORMAT = 1;

  private static final int FORMAT = 3;
  private static final int CRC_AT = BYTES - Integer.BYTES;
  private static final int FIXED_BYTES = Long.BYTES + 2 * Integer.BYTES;

  private SegmentHeader() {}

  static ByteBuffer of(String gateway) {
    byte[] name = gateway.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(FORMAT).putInt(name.length).put(name);
    header.putInt(CRC_AT, crc(header.array()));
    return header.clear();
  }

  /// The gateway's name; empty where this is no header, or that of a newer format.
  static Optional<String> gatewayOf(MemorySegment file) {
    if (file.byteSize() < BYTES) {
      return Optional.empty();
    }
    byte[] bytes = file.asSlice(0, BYTES).toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean isOurs = header.getLong() == MAGIC;
    int format = header.getInt();
    boolean isKnown = format >= FIRST_FORMAT && format <= FORMAT;
    boolean sound = isOurs && isKnown && header.getInt(CRC_AT) == crc(bytes);
    return sound ? Optional.of(name(header, bytes)) : Optional.empty();
  }

  private static String name(ByteBuffer header, byte[] bytes) {
    int length = header.getInt();
    if (length < 0 || length > CRC_AT - FIXED_BYTES) {
      throw new BufferUnderflowException();
    }
    return new String(bytes, FIXED_BYTES, length, StandardCharsets.UTF_8);
  }

  private static int crc(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
