package ai.oneflow.gateway.ledger.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where the journal lies and how large it may grow.
///
/// @param folder of this gateway alone; it is made if absent and locked while in use
/// @param gateway the name of this instance, such as the pod's
/// @param segmentBytes the size of one file
/// @param maxBytes of all files together: beyond it no new request is accepted
public record JournalSettings(Path folder, String gateway, int segmentBytes, long maxBytes) {
  private static final int DEFAULT_SEGMENT_BYTES = 4 << 20;
  private static final long DEFAULT_MAX_BYTES = 1L << 30;
  private static final int LEAST_SEGMENT_BYTES = 128 << 10;
  private static final int MOST_NAME_BYTES = 400;

  public JournalSettings {
    int nameBytes = gateway.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes == 0 || nameBytes > MOST_NAME_BYTES) {
      throw new IllegalArgumentException(
          "gateway must have 1 to " + MOST_NAME_BYTES + " bytes, not " + nameBytes);
    }
    if (segmentBytes < LEAST_SEGMENT_BYTES || segmentBytes % Long.BYTES != 0) {
      throw new IllegalArgumentException(
          "segmentBytes must be a multiple of 8 of at least 131072, not " + segmentBytes);
    }
    if (maxBytes < segmentBytes) {
      throw new IllegalArgumentException("maxBytes must be at least one segment, not " + maxBytes);
    }
  }

  /// Four megabytes a file, at most a gigabyte: some eight million events.
  public static JournalSettings of(Path folder, String gateway) {
    return new JournalSettings(folder, gateway, DEFAULT_SEGMENT_BYTES, DEFAULT_MAX_BYTES);
  }
}
