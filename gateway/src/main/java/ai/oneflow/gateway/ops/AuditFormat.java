package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ops.Audit.Findings;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/// Writes out what an audit finds, as it finds it.
sealed interface AuditFormat {

  /// An event that was charged otherwise than it should have been.
  void difference(UsageEvent event, Cost right);

  /// The end of it.
  void findings(Findings findings);

  /// How it is written.
  enum Kind {
    TEXT,
    JSON
  }

  /// Begins to write.
  static AuditFormat of(Kind kind, PrintWriter out) throws IOException {
    return switch (kind) {
      case TEXT -> new Text(out);
      case JSON -> new Json(out);
    };
  }

  /// For a person: a line a difference, then the counts.
  record Text(PrintWriter out) implements AuditFormat {
    @Override
    public void difference(UsageEvent event, Cost right) {
      out.printf(
          "%s charged %d pico-dollars (%s), by price list %s it is %d (%s)%n",
          event.id(),
          event.cost().picoDollars(),
          event.cost().state().label(),
          event.cost().priceVersion().isEmpty() ? "none" : event.cost().priceVersion(),
          right.picoDollars(),
          right.state().label());
    }

    @Override
    public void findings(Findings findings) {
      findings
          .missing()
          .forEach((version, events) -> list(version, events, "is not in the ledger"));
      findings
          .altered()
          .forEach((version, events) -> list(version, events, "has another content than its name"));
      out.printf(
          "%d events: %d as recomputed, %d differ, %d unpriced, %d clamped, %d overflowed%n",
          findings.events(),
          findings.agreeing(),
          findings.differing(),
          findings.unpriced(),
          findings.clamped(),
          findings.overflowed());
      out.flush();
    }

    private void list(String version, long events, String what) {
      out.printf("price list %s of %d events %s%n", version, events, what);
    }
  }

  /// One object.
  record Json(JsonGenerator json) implements AuditFormat {
    Json(PrintWriter out) throws IOException {
      this(new JsonFactory().createGenerator(out).useDefaultPrettyPrinter());
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeArrayFieldStart("differences");
    }

    @Override
    public void difference(UsageEvent event, Cost right) {
      try {
        json.writeStartObject();
        json.writeStringField("event", event.id().toString());
        json.writeStringField("priceVersion", event.cost().priceVersion());
        cost("charged", event.cost());
        cost("recomputed", right);
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void findings(Findings findings) {
      try {
        json.writeEndArray();
        lists("missingPriceLists", findings.missing());
        lists("alteredPriceLists", findings.altered());
        json.writeNumberField("events", findings.events());
        json.writeNumberField("agreeing", findings.agreeing());
        json.writeNumberField("differing", findings.differing());
        json.writeNumberField("unpriced", findings.unpriced());
        json.writeNumberField("clamped", findings.clamped());
        json.writeNumberField("overflowed", findings.overflowed());
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void cost(String name, Cost cost) throws IOException {
      json.writeObjectFieldStart(name);
      json.writeStringField("state", cost.state().label());
      json.writeNumberField("picoDollars", cost.picoDollars());
      json.writeEndObject();
    }

    private void lists(String name, Map<String, Long> lists) throws IOException {
      json.writeObjectFieldStart(name);
      for (Map.Entry<String, Long> list : lists.entrySet()) {
        json.writeNumberField(list.getKey(), list.getValue());
      }
      json.writeEndObject();
    }
  }
}
