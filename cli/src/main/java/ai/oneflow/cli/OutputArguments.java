package ai.oneflow.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// How a command writes out what it found.
final class OutputArguments {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table or json; default table.")
  private Format format = Format.table;

  /// As they are written on the command line.
  @SuppressWarnings("checkstyle:ConstantName")
  enum Format {
    table,
    json
  }

  boolean isJson() {
    return format == Format.json;
  }

  /// Writes one or the other, and makes no more than that.
  void write(PrintWriter out, Supplier<String> table, Supplier<JsonNode> json) {
    try {
      out.print(
          isJson()
              ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json.get()) + "\n"
              : table.get());
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
