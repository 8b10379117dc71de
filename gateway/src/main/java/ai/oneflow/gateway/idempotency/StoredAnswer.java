package ai.oneflow.gateway.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An answer as the caller got it.
///
/// @param headers those that belong to the answer and not to the connection
/// @param body the bytes within HTTP's framing: of a stream its events; not to be changed
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
public record StoredAnswer(int status, Map<String, String> headers, byte[] body) {
  private static final int VERSION = 1;

  public StoredAnswer {
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("status must be 100 to 599, not " + status);
    }
    headers = Map.copyOf(headers);
  }

  /// As [#decode] reads it.
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeShort(status);
      out.writeByte(headers.size());
      for (Map.Entry<String, String> header : headers.entrySet()) {
        out.writeUTF(header.getKey());
        out.writeUTF(header.getValue());
      }
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("a header does not fit", e);
    }
    return bytes.toByteArray();
  }

  /// Empty where the bytes are none that this version wrote.
  public static Optional<StoredAnswer> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return Optional.empty();
      }
      int status = in.readUnsignedShort();
      Map<String, String> headers = new LinkedHashMap<>();
      for (int more = in.readUnsignedByte(); more > 0; more--) {
        headers.put(in.readUTF(), in.readUTF());
      }
      return Optional.of(new StoredAnswer(status, headers, in.readAllBytes()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Without what the answer says.
  @Override
  public String toString() {
    return "StoredAnswer[" + status + ", " + body.length + " bytes]";
  }
}
