package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Turns entries and messages into canonical JSON and back: properties and map keys in order,
/// defaults left out, what is not known refused.
public final class SnapshotCodec {
  private static final JsonSetter.Value ABSENT_IS_EMPTY =
      JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.NON_DEFAULT))
          .withConfigOverride(String.class, c -> c.setSetterInfo(ABSENT_IS_EMPTY))
          .withConfigOverride(List.class, c -> c.setSetterInfo(ABSENT_IS_EMPTY))
          .withConfigOverride(Map.class, c -> c.setSetterInfo(ABSENT_IS_EMPTY))
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// 64 bits: no two lists of one ledger share a version by chance.
  private static final int PRICE_LIST_DIGITS = 16;

  private SnapshotCodec() {}

  /// The canonical encoding of an entry or a message.
  public static byte[] encode(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot encode a " + value.getClass().getSimpleName(), e);
    }
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws IOException where the bytes are no such value; the message never quotes content, which
  /// may be secret
  public static <T> T decode(InputStream bytes, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw new IOException(
          "not a "
              + type.getSimpleName()
              + " that this version understands: "
              + e.getOriginalMessage());
    }
  }

  /// Reads a push so that what cannot be understood is refused by name.
  ///
  /// @throws IOException where not even its nonce and version can be read
  public static ReceivedPush decodePush(InputStream bytes) throws IOException {
    try {
      return new PushReader(MAPPER).read(bytes);
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw new IOException("not a Push that this version understands: " + e.getOriginalMessage());
    }
  }

  /// The version of a price list: the first digits of SHA-256 over its canonical encoding, without
  /// the version that it has.
  public static String versionOf(PriceList list) {
    PriceList unnamed =
        new PriceList(
            "-", list.validFrom(), list.tokens(), list.units(), list.batchPercent(), list.tiers());
    byte[] digest = sha256().digest(encode(unnamed));
    return HexFormat.of().formatHex(digest).substring(0, PRICE_LIST_DIGITS);
  }

  static SnapshotVersion versionOf(Collection<Entry> inOrder) {
    MessageDigest digest = sha256();
    for (Entry entry : inOrder) {
      digest.update(encode(entry));
      digest.update((byte) '\n');
    }
    return new SnapshotVersion(HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
