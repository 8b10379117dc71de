package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.UsageGroup;
import ai.oneflow.gateway.ledger.sql.UsageReport;
import ai.oneflow.gateway.ledger.sql.UsageReport.Row;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a report is written out. Money is in decimal digits and exact, in text so that no reader
/// makes a double of it.
enum ReportFormat {
  /// For a person.
  TABLE("text/plain; charset=utf-8") {
    @Override
    String render(UsageReport report) {
      return ReportTable.render(report);
    }
  },
  /// One object with `by`, `rows` and `total`.
  JSON("application/json") {
    @Override
    String render(UsageReport report) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("by", by(report));
        json.writeArrayFieldStart("rows");
        for (Row row : report.rows()) {
          object(json, row, report.groups());
        }
        json.writeEndArray();
        json.writeFieldName("total");
        object(json, report.total(), List.of());
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.append('\n').toString();
    }
  },
  /// A header and a line a row (RFC 4180, but for its line ends).
  CSV("text/csv; charset=utf-8") {
    @Override
    String render(UsageReport report) {
      Stream<String> head =
          Stream.of(by(report) + ",requests,input_tokens,output_tokens,credits,not_priced");
      return Stream.concat(head, report.rows().stream().map(ReportFormat::line))
          .collect(Collectors.joining("\n", "", "\n"));
    }
  };

  private final String contentType;

  ReportFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  abstract String render(UsageReport report);

  private static String by(UsageReport report) {
    return report.groups().stream().map(UsageGroup::label).collect(Collectors.joining(","));
  }

  private static void object(JsonGenerator json, Row row, List<UsageGroup> groups)
      throws IOException {
    json.writeStartObject();
    for (int i = 0; i < groups.size(); i++) {
      json.writeStringField(groups.get(i).label(), row.values().get(i));
    }
    json.writeNumberField("requests", row.requests());
    json.writeNumberField("inputTokens", row.inputTokens());
    json.writeNumberField("outputTokens", row.outputTokens());
    json.writeStringField("credits", Amount.credits(row.picoDollars()));
    json.writeNumberField("notPriced", row.notPriced());
    json.writeEndObject();
  }

  private static String line(Row row) {
    Stream<String> numbers =
        Stream.of(
            String.valueOf(row.requests()),
            row.inputTokens().toString(),
            row.outputTokens().toString(),
            Amount.credits(row.picoDollars()),
            String.valueOf(row.notPriced()));
    return Stream.concat(row.values().stream().map(ReportFormat::quoted), numbers)
        .collect(Collectors.joining(","));
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
