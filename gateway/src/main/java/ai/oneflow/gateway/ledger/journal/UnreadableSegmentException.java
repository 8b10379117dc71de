package ai.oneflow.gateway.ledger.journal;

import java.nio.file.Path;

/// A file of the journal that this version does not understand. It is set aside, never deleted.
final class UnreadableSegmentException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableSegmentException(Path file) {
    super("not a journal file of this format: " + file);
  }

  UnreadableSegmentException(Path file, RuntimeException cause) {
    super("a frame that makes no sense in " + file, cause);
  }
}
