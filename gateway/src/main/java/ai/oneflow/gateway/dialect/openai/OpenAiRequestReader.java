package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonListener;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.StreamOptions;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the few fields that matter out of a request of OpenAI's dialect as its bytes arrive
/// (<https://platform.openai.com/docs/api-reference/chat/create>). A field that is there twice is
/// refused: the provider might read the other one. Reusable by [#reset]; not thread-safe.
public final class OpenAiRequestReader {
  private static final JsonField INCLUDE_USAGE = field("include_usage");
  private static final JsonField STREAM_OPTIONS = field("stream_options", INCLUDE_USAGE);
  private static final JsonField STREAM = field("stream");
  private static final JsonField MODEL = field("model");
  private static final JsonField ROOT =
      JsonField.of(
          Stream.concat(
                  Stream.of(MODEL, STREAM, STREAM_OPTIONS), Stream.of(OpenAiDemandReader.FIELDS))
              .toArray(JsonField[]::new));

  /// What became of a body.
  public sealed interface Reading {
    record Read(OpenAiRequest request) implements Reading {}

    record Refused(GatewayError error) implements Reading {}
  }

  private final Listener listener = new Listener();
  private final OpenAiDemandReader demand = new OpenAiDemandReader();
  private final JsonScanner scanner = new JsonScanner(ROOT, listener);
  private @Nullable GatewayError error;
  private @Nullable String model;
  private Span modelAt = new Span(0, 0);
  private long objectStart;
  private long bytes;
  private boolean streamSeen;
  private boolean stream;
  private StreamOptions options = new StreamOptions.Absent();

  /// Begins another body.
  public void reset() {
    scanner.reset(listener);
    demand.reset();
    error = null;
    model = null;
    objectStart = 0;
    bytes = 0;
    streamSeen = false;
    stream = false;
    options = new StreamOptions.Absent();
  }

  /// Reads on. The first error is kept; what follows it is not looked at.
  public void read(ByteBuf piece) {
    bytes += piece.readableBytes();
    if (error == null && scanner.scan(piece) == JsonScanner.Result.INVALID) {
      notJson();
    }
  }

  /// The body is complete.
  public Reading finish() {
    if (error == null && scanner.finish() == JsonScanner.Result.INVALID) {
      notJson();
    }
    if (error == null && objectStart == 0) {
      refuse("", "The body must be a JSON object.");
    }
    String name = model;
    if (error == null && name == null) {
      refuse("model", "You must provide a model parameter.");
    }
    if (error != null || name == null) {
      return new Reading.Refused(Optional.ofNullable(error).orElseThrow());
    }
    return new Reading.Read(
        new OpenAiRequest(
            name,
            modelAt,
            stream,
            options,
            objectStart,
            demand.prompt(bytes),
            demand.output(),
            demand.needs()));
  }

  /// A piece may hold a refused field before the fault.
  private void notJson() {
    if (error == null) {
      error =
          GatewayError.of(
              ErrorCode.INVALID_JSON,
              "The body could not be read as JSON: " + scanner.problem() + ".");
    }
  }

  private void refuse(String param, String message) {
    if (error == null) {
      error = GatewayError.inField(ErrorCode.INVALID_VALUE, param, message);
    }
  }

  private final class Listener implements JsonListener {

    @Override
    public void scalar(JsonField field, JsonScalar value, long start, long end) {
      if (field == MODEL) {
        model(value, new Span(start, end));
      } else if (field == STREAM) {
        stream(value);
      } else if (field == STREAM_OPTIONS) {
        streamOptions(value, new Span(start, end));
      } else if (field == INCLUDE_USAGE) {
        includeUsage(value, new Span(start, end));
      } else {
        demand(field, demand.scalar(field, value, end - start));
      }
    }

    private void demand(JsonField field, @Nullable String fault) {
      if (fault != null) {
        refuse(field.name(), fault);
      }
    }

    private void model(JsonScalar value, Span span) {
      if (model != null) {
        refuse("model", "model is given twice.");
      } else if (value.kind() != JsonScalar.Kind.STRING) {
        refuse("model", "model must be a string.");
      } else if (value.tooLong() || value.text().isEmpty()) {
        refuse("model", "model must have 1 to " + JsonScalar.MAX_BYTES + " bytes.");
      } else {
        model = value.text();
        modelAt = span;
      }
    }

    private void stream(JsonScalar value) {
      if (streamSeen) {
        refuse("stream", "stream is given twice.");
      }
      streamSeen = true;
      switch (value.kind()) {
        case TRUE -> stream = true;
        case FALSE, NULL -> stream = false;
        case STRING, NUMBER -> refuse("stream", "stream must be true or false.");
      }
    }

    private void streamOptions(JsonScalar value, Span span) {
      once();
      if (value.kind() == JsonScalar.Kind.NULL) {
        options = new StreamOptions.Declined(span, true);
      } else {
        refuse("stream_options", "stream_options must be an object.");
      }
    }

    private void includeUsage(JsonScalar value, Span span) {
      if (!(options instanceof StreamOptions.WithoutUsage)) {
        refuse("stream_options.include_usage", "stream_options.include_usage is given twice.");
      }
      switch (value.kind()) {
        case TRUE -> options = new StreamOptions.Requested();
        case FALSE, NULL -> options = new StreamOptions.Declined(span, false);
        case STRING, NUMBER ->
            refuse(
                "stream_options.include_usage",
                "stream_options.include_usage must be true or false.");
      }
    }

    @Override
    public void opened(JsonField field, boolean object, long start) {
      if (field == ROOT) {
        objectStart = object ? start + 1 : 0;
      } else if (field == STREAM_OPTIONS && object) {
        once();
        options = new StreamOptions.WithoutUsage(start + 1, false);
      } else if (isOurs(field) || !demand.opened(field, start)) {
        String path = field == INCLUDE_USAGE ? "stream_options.include_usage" : field.name();
        refuse(path, path + " has the wrong type.");
      }
    }

    private static boolean isOurs(JsonField field) {
      return field == MODEL || field == STREAM || field == STREAM_OPTIONS || field == INCLUDE_USAGE;
    }

    @Override
    public void closed(JsonField field, long end, boolean empty) {
      if (field == STREAM_OPTIONS && options instanceof StreamOptions.WithoutUsage(long at, _)) {
        options = new StreamOptions.WithoutUsage(at, empty);
      } else {
        demand.closed(field, end);
      }
    }

    private void once() {
      if (!(options instanceof StreamOptions.Absent)) {
        refuse("stream_options", "stream_options is given twice.");
      }
    }
  }
}
