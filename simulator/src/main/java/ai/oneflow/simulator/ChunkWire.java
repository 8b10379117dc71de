package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// How an API writes the pieces of a stream.
interface ChunkWire {

  /// An event's JSON and how many completion tokens it holds.
  record Chunk(ObjectNode body, int tokens) {}

  /// What every chunk of this answer has.
  ObjectNode head(Completion completion);

  /// The chunks of one choice, the last of which says why it ends.
  List<Chunk> chunks(Completion completion, int index, Choice choice);
}
