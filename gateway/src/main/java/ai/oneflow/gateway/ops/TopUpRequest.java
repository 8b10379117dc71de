package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.TopUp;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A top-up as a person asks for it.
///
/// @param key `namespace/name` of an ApiKey
/// @param amount in decimal digits, as text
/// @param unit `USD` or `Credits`
/// @param reference what the payment is known by elsewhere
/// @param by who asks
record TopUpRequest(
    @Nullable String key,
    @Nullable String amount,
    @Nullable String unit,
    @Nullable String reference,
    @Nullable String by,
    @Nullable String comment) {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .withCoercionConfig(
              LogicalType.Textual,
              config -> {
                config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              })
          .build()
          .readerFor(TopUpRequest.class);

  /// Reads JSON.
  ///
  /// @throws IllegalArgumentException that says what to write instead
  static TopUpRequest read(String json) {
    try {
      TopUpRequest request = READER.readValue(json);
      if (request != null) {
        return request;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the body must be an object with the texts key, amount, unit and reference, and by and"
              + " comment if you like",
          e);
    }
    throw new IllegalArgumentException("the body is empty");
  }

  /// What is to be written down.
  ///
  /// @throws IllegalArgumentException that says what to write instead
  TopUp at(Instant now) {
    return new TopUp(
        KeyName.parse(present("key", key)),
        present("reference", reference),
        Amount.parse(present("amount", amount), present("unit", unit)),
        now.toEpochMilli(),
        by == null ? "" : by,
        comment == null ? "" : comment);
  }

  private static String present(String what, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return value;
  }
}
