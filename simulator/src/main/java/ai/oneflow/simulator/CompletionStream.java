package ai.oneflow.simulator;

import ai.oneflow.simulator.Draft.Part;
import ai.oneflow.simulator.UsageReport.Placement;
import ai.oneflow.simulator.recording.Body;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes a completion as a stream of chunks: what its wire makes of each choice; then usage, if
/// asked for, and `[DONE]`.
final class CompletionStream {
  private final Completion completion;
  private final ChunkWire wire;
  private final List<Part> parts = new ArrayList<>();
  private int produced;

  private CompletionStream(Completion completion, ChunkWire wire) {
    this.completion = completion;
    this.wire = wire;
  }

  static Draft draft(Completion completion, ChunkWire wire) {
    CompletionStream stream = new CompletionStream(completion, wire);
    for (int i = 0; i < completion.choices().size(); i++) {
      stream.choice(i, completion.choices().get(i));
    }
    if (completion.telling().hasChunk()) {
      stream.usageChunk();
    }
    stream.parts.add(new Part(Body.ofText("data: [DONE]\n\n"), 0));
    return Draft.events(stream.parts, completion.said());
  }

  private void choice(int index, Choice choice) {
    List<ChunkWire.Chunk> chunks = wire.chunks(completion, index, choice);
    for (int i = 0; i < chunks.size(); i++) {
      produced += chunks.get(i).tokens();
      tell(chunks.get(i), i == chunks.size() - 1);
    }
  }

  private void tell(ChunkWire.Chunk chunk, boolean last) {
    Placement placement = completion.telling().placement();
    if (placement == Placement.CUMULATIVE || (placement == Placement.WITH_LAST_CONTENT && last)) {
      Usage soFar = last ? completion.usage() : completion.usage().withCompletion(produced);
      chunk.body().set("usage", CompletionJson.usage(soFar));
      add(chunk, Optional.of(soFar));
    } else {
      if (completion.telling().saysNull()) {
        chunk.body().putNull("usage");
      }
      add(chunk, Optional.empty());
    }
  }

  private void usageChunk() {
    ObjectNode body = wire.head(completion);
    body.putArray("choices");
    body.set("usage", CompletionJson.usage(completion.usage()));
    add(new ChunkWire.Chunk(body, 0), Optional.of(completion.usage()));
  }

  private void add(ChunkWire.Chunk chunk, Optional<Usage> told) {
    parts.add(new Part(Body.ofText("data: " + chunk.body() + "\n\n"), chunk.tokens(), told));
  }
}
