package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.StreamOptions;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The changes to make to a request's bytes before they go to a provider of the same dialect: the
/// provider's name for the model, and the wish for usage in a stream. All other bytes pass as they
/// came.
///
/// @param edits in order of their place, apart from one another
public record OpenAiSplice(List<Edit> edits) {
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] OPTIONS = "{\"include_usage\":true}".getBytes(UTF_8);
  private static final byte[] MEMBER = "\"include_usage\":true".getBytes(UTF_8);
  private static final byte[] MEMBER_FIRST = "\"include_usage\":true,".getBytes(UTF_8);
  private static final byte[] OPTIONS_FIRST =
      "\"stream_options\":{\"include_usage\":true},".getBytes(UTF_8);

  /// Puts `replacement` in the place of bytes `[start, end)`.
  @SuppressWarnings(
      "ArrayRecordComponent") // never compared; the bytes are constants or made for this edit
  public record Edit(int start, int end, byte[] replacement) {}

  /// What turns `request` into one for a provider that calls the model `upstreamModel`.
  public static OpenAiSplice of(OpenAiRequest request, String upstreamModel) {
    List<Edit> edits = new ArrayList<>(2);
    if (!request.model().equals(upstreamModel)) {
      String quoted =
          '"' + new String(JsonStringEncoder.getInstance().quoteAsString(upstreamModel)) + '"';
      edits.add(edit(request.modelAt(), quoted.getBytes(UTF_8)));
    }
    if (request.stream()) {
      askForUsage(request, edits);
    }
    if (edits.size() > 1) {
      edits.sort(Comparator.comparingInt(Edit::start));
    }
    return new OpenAiSplice(edits);
  }

  private static void askForUsage(OpenAiRequest request, List<Edit> edits) {
    switch (request.usage()) {
      case StreamOptions.Requested() -> {}
      case StreamOptions.Absent() -> edits.add(insert(request.objectStart(), OPTIONS_FIRST));
      case StreamOptions.Declined(Span span, boolean wholeOptions) ->
          edits.add(edit(span, wholeOptions ? OPTIONS : TRUE));
      case StreamOptions.WithoutUsage(long at, boolean empty) ->
          edits.add(insert(at, empty ? MEMBER : MEMBER_FIRST));
    }
  }

  private static Edit edit(Span span, byte[] replacement) {
    return new Edit(Math.toIntExact(span.start()), Math.toIntExact(span.end()), replacement);
  }

  private static Edit insert(long at, byte[] inserted) {
    return new Edit(Math.toIntExact(at), Math.toIntExact(at), inserted);
  }

  /// How many bytes the body of `length` bytes has afterwards.
  public int lengthOf(int length) {
    int after = length;
    for (Edit edit : edits) {
      after += edit.replacement().length - (edit.end() - edit.start());
    }
    return after;
  }

  /// Writes the changed body to `out`; `body` stays the caller's.
  public void write(ByteBuf body, ByteBuf out) {
    int from = 0;
    int origin = body.readerIndex();
    for (Edit edit : edits) {
      out.writeBytes(body, origin + from, edit.start() - from);
      out.writeBytes(edit.replacement());
      from = edit.end();
    }
    out.writeBytes(body, origin + from, body.readableBytes() - from);
  }
}
