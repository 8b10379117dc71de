package ai.oneflow.gateway.dialect.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// What the headers of a frame say of it.
///
/// @param readable the headers fill their bytes and no more
/// @param messageType `event`, `exception` or `error`
/// @param eventType which event; empty where it is none
record EventHeaders(boolean readable, String messageType, String eventType) {
  private static final int STRING = 7;

  /// Bytes of the values of each type: true, false, byte, short, int, long, bytes, string, time,
  /// UUID. Bytes and strings have a length of their own, of two bytes.
  private static final int[] VALUE_BYTES = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

  private static final EventHeaders UNREADABLE = new EventHeaders(false, "", "");

  boolean isEvent() {
    return readable && messageType.equals("event");
  }

  static EventHeaders read(ByteBuffer bytes) {
    String messageType = "";
    String eventType = "";
    try {
      while (bytes.hasRemaining()) {
        String name = text(bytes, bytes.get() & 0xFF);
        int type = bytes.get();
        if (type < 0 || type >= VALUE_BYTES.length) {
          return UNREADABLE;
        }
        int length = VALUE_BYTES[type] < 0 ? bytes.getShort() & 0xFFFF : VALUE_BYTES[type];
        String value = text(bytes, length);
        messageType = type == STRING && name.equals(":message-type") ? value : messageType;
        eventType = type == STRING && name.equals(":event-type") ? value : eventType;
      }
    } catch (BufferUnderflowException tooShort) {
      return UNREADABLE;
    }
    return new EventHeaders(true, messageType, eventType);
  }

  private static String text(ByteBuffer bytes, int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, UTF_8);
  }
}
