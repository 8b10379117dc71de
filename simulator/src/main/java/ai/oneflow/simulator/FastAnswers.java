package ai.oneflow.simulator;

import ai.oneflow.simulator.Draft.Part;
import ai.oneflow.simulator.recording.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// The answers of the fast mode, encoded once at start. Their buffers are unreleasable and
/// read-only; write duplicates.
///
/// @param json a chat completion of about 1.1 KB
/// @param stream head, 100 content deltas, end: one buffer a chunk
/// @param streamWithUsage the same with the usage chunk that `include_usage` asks for
record FastAnswers(ByteBuf json, List<ByteBuf> stream, List<ByteBuf> streamWithUsage) {
  private static final int WORDS = 100;
  private static final long CREATED = 1_755_137_933L;

  static FastAnswers create() {
    List<Choice> choices = List.of(new Choice.Text(new Prose(1).tokens(WORDS), "stop"));
    Usage usage = new Usage(214, WORDS, 0, 0);
    return new FastAnswers(
        encode(CompletionJson.draft(completion(choices, usage, false))).getFirst(),
        encode(stream(completion(choices, usage, false))),
        encode(stream(completion(choices, usage, true))));
  }

  /// The header tells nginx to pass each chunk on as it comes, as every other relay here does.
  private static Draft stream(Completion completion) {
    return CompletionStream.draft(completion, new ChatChunks()).with("x-accel-buffering", "no");
  }

  private static Completion completion(List<Choice> choices, Usage usage, boolean includeUsage) {
    return new Completion(
        "fast",
        Models.dated("gpt-4o"),
        CREATED,
        choices,
        usage,
        new Completion.Telling(UsageReport.Placement.AS_ASKED, includeUsage));
  }

  private static List<ByteBuf> encode(Draft draft) {
    if (!draft.streamed()) {
      Part only = draft.parts().getFirst();
      Body head = Wire.head(draft.status(), draft.headers(), only.bytes().size());
      return List.of(shared(Unpooled.wrappedBuffer(head.bytes(), only.bytes().bytes())));
    }
    List<ByteBuf> buffers = new ArrayList<>();
    buffers.add(shared(Wire.chunkedHead(draft.status(), draft.headers())));
    draft.parts().forEach(part -> buffers.add(shared(Wire.chunk(part.bytes()))));
    buffers.add(shared(Wire.LAST_CHUNK));
    return List.copyOf(buffers);
  }

  private static ByteBuf shared(Body bytes) {
    return shared(Unpooled.wrappedBuffer(bytes.bytes()));
  }

  /// Off the heap, so that a write needs no copy.
  private static ByteBuf shared(ByteBuf bytes) {
    ByteBuf direct = Unpooled.directBuffer(bytes.readableBytes()).writeBytes(bytes);
    return Unpooled.unreleasableBuffer(direct.asReadOnly());
  }
}
