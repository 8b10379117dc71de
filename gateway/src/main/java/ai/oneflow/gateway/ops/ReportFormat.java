package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.UsageReport;
import ai.oneflow.gateway.ledger.sql.UsageReport.Row;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a report is written out. Money is in decimal digits and exact, in text so that no reader
/// makes a double of it.
enum ReportFormat {
  /// For a person.
  TABLE {
    @Override
    String render(UsageReport report) {
      return ReportTable.render(report);
    }
  },
  /// One object with `by`, `rows` and `total`.
  JSON {
    @Override
    String render(UsageReport report) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("by", report.group().label());
        json.writeArrayFieldStart("rows");
        for (Row row : report.rows()) {
          object(json, row, report.group().label());
        }
        json.writeEndArray();
        json.writeFieldName("total");
        object(json, total(report), "");
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.append('\n').toString();
    }
  },
  /// A header and a line a row (RFC 4180, but for its line ends).
  CSV {
    @Override
    String render(UsageReport report) {
      Stream<String> head =
          Stream.of(
              report.group().label() + ",requests,input_tokens,output_tokens,credits,not_priced");
      return Stream.concat(head, report.rows().stream().map(ReportFormat::line))
          .collect(Collectors.joining("\n", "", "\n"));
    }
  };

  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int FEWEST_DECIMALS = 2;

  abstract String render(UsageReport report);

  static String credits(BigInteger picoDollars) {
    BigDecimal credits = new BigDecimal(picoDollars, DECIMALS_OF_A_CREDIT).stripTrailingZeros();
    return credits.setScale(Math.max(FEWEST_DECIMALS, credits.scale())).toPlainString();
  }

  static Row total(UsageReport report) {
    List<Row> rows = report.rows();
    return new Row(
        "total",
        rows.stream().mapToLong(Row::requests).sum(),
        rows.stream().map(Row::inputTokens).reduce(BigInteger.ZERO, BigInteger::add),
        rows.stream().map(Row::outputTokens).reduce(BigInteger.ZERO, BigInteger::add),
        rows.stream().map(Row::picoDollars).reduce(BigInteger.ZERO, BigInteger::add),
        rows.stream().mapToLong(Row::notPriced).sum());
  }

  private static void object(JsonGenerator json, Row row, String group) throws IOException {
    json.writeStartObject();
    if (!group.isEmpty()) {
      json.writeStringField(group, row.group());
    }
    json.writeNumberField("requests", row.requests());
    json.writeNumberField("inputTokens", row.inputTokens());
    json.writeNumberField("outputTokens", row.outputTokens());
    json.writeStringField("credits", credits(row.picoDollars()));
    json.writeNumberField("notPriced", row.notPriced());
    json.writeEndObject();
  }

  private static String line(Row row) {
    return String.join(
        ",",
        quoted(row.group()),
        String.valueOf(row.requests()),
        row.inputTokens().toString(),
        row.outputTokens().toString(),
        credits(row.picoDollars()),
        String.valueOf(row.notPriced()));
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
