package ai.oneflow.gateway.dialect.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Writes frames of `application/vnd.amazon.eventstream`.
final class Frames {
  private static final int AROUND_BYTES = 16;
  private static final int STRING = 7;

  private Frames() {}

  static byte[] event(String type, String payload) {
    return of("event", type, payload);
  }

  static byte[] of(String messageType, String eventType, String payload) {
    return withHeaders(
        join(
            header(":event-type", eventType),
            header(":content-type", "application/json"),
            header(":message-type", messageType)),
        payload);
  }

  static byte[] withHeadersOfEveryType(String eventType, String payload) {
    return withHeaders(
        join(
            new byte[] {1, 't', 0},
            new byte[] {1, 'f', 1},
            new byte[] {1, 'b', 2, 0},
            new byte[] {1, 's', 3, 0, 0},
            new byte[] {1, 'i', 4, 0, 0, 0, 0},
            new byte[] {1, 'l', 5, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {1, 'y', 6, 0, 2, 7, 7},
            new byte[] {1, 'd', 8, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {1, 'u', 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            header(":message-type", "event"),
            header(":event-type", eventType)),
        payload);
  }

  static byte[] withHeaders(byte[] headers, String payload) {
    byte[] body = payload.getBytes(UTF_8);
    byte[] checked =
        join(prelude(AROUND_BYTES + headers.length + body.length, headers.length), headers, body);
    return join(checked, checksum(checked));
  }

  /// With a right checksum, whatever the lengths.
  static byte[] prelude(int frameBytes, int headerBytes) {
    byte[] lengths = ByteBuffer.allocate(8).putInt(frameBytes).putInt(headerBytes).array();
    return join(lengths, checksum(lengths));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] header(String name, String value) {
    return join(
        new byte[] {(byte) name.length()},
        name.getBytes(UTF_8),
        new byte[] {STRING, 0, (byte) value.length()},
        value.getBytes(UTF_8));
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
  }
}
