package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.CreditBook.Balance;
import ai.oneflow.gateway.ledger.sql.TopUp;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/// Top-ups and balances as JSON; amounts in credits, in decimal digits, as text.
final class CreditsJson {
  private CreditsJson() {}

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  static String topUp(TopUp topUp) {
    return object(
        json -> {
          json.writeStringField("key", topUp.key().toString());
          fields(json, topUp);
        });
  }

  /// Where a key stands, and how it came there.
  static String balance(KeyName key, Balance balance, List<TopUp> topUps) {
    return object(
        json -> {
          json.writeStringField("key", key.toString());
          json.writeStringField("balance", Amount.credits(balance.left()));
          json.writeStringField("toppedUp", Amount.credits(balance.toppedUp()));
          json.writeStringField("spent", Amount.credits(balance.spent()));
          json.writeArrayFieldStart("topUps");
          for (TopUp topUp : topUps) {
            json.writeStartObject();
            fields(json, topUp);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void fields(JsonGenerator json, TopUp topUp) throws IOException {
    json.writeStringField("reference", topUp.reference());
    json.writeStringField("credits", Amount.credits(BigInteger.valueOf(topUp.picoDollars())));
    json.writeStringField("at", Instant.ofEpochMilli(topUp.atMillis()).toString());
    json.writeStringField("by", topUp.by());
    json.writeStringField("comment", topUp.comment());
  }

  private static String object(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      content.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }
}
