package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.FrameReader.CutShort;
import ai.oneflow.gateway.ledger.journal.Segment.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// The writer's place in one file: hands out batches, and the same batch again until it is
/// confirmed. One thread only.
final class SegmentReader {
  private final Segment segment;
  private final Pause pause;
  private final FrameReader frames;
  private final byte[] bytes = new byte[FrameWriter.MOST_BYTES];
  private final CRC32C crc = new CRC32C();

  private final List<UsageEvent> batch = new ArrayList<>();
  private int position = SegmentHeader.BYTES;
  private long confirmed;
  private State state = State.READING;

  /// How far the end of the file is known.
  enum State {
    READING,
    ENDED,
    TORN
  }

  /// @param pause where to stop
  /// @param opened told of each frame of a request on its way
  SegmentReader(Segment segment, Pause pause, Consumer<CutShort> opened) {
    this.segment = segment;
    this.pause = pause;
    this.frames = new FrameReader(opened);
  }

  /// Up to `most` events that are not confirmed yet; none where there are none *now*.
  ///
  /// @throws UnreadableSegmentException where a sound frame makes no sense
  List<UsageEvent> batch(int most) throws UnreadableSegmentException {
    if (!batch.isEmpty()) {
      return batch;
    }
    try {
      while (batch.size() < most && readFrame()) {}
    } catch (RuntimeException e) {
      if (batch.isEmpty()) {
        throw new UnreadableSegmentException(segment.file(), e);
      } // Else what was read before it goes first; then this frame is met again.
    }
    return batch;
  }

  /// SQL has the batch.
  void confirm() {
    confirmed += batch.size();
    batch.clear();
    segment.stored(new Progress(position, confirmed));
  }

  State state() {
    return state;
  }

  Segment segment() {
    return segment;
  }

  /// How much of the file was dropped where it is torn.
  long bytesAfterTheLastFrame() {
    return segment.size() - position;
  }

  /// Whether a frame was read. The seal is asked for before the length: asked afterwards, a frame
  /// that was published in between would be missed.
  private boolean readFrame() {
    if (state != State.READING) {
      return false;
    }
    boolean sealed = segment.isSealed();
    int length = segment.lengthAt(position);
    if (length == 0) {
      state = sealed ? stateAtEnd() : State.READING;
      return false;
    }
    if (position >= pause.endOf(segment)) {
      return false;
    }
    if (!isSound(length)) {
      state = State.TORN;
      return false;
    }
    ByteBuffer frame = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    frames.read(frame, batch);
    position = Segment.next(position, length);
    return true;
  }

  private State stateAtEnd() {
    return segment.isZeroFrom(position) ? State.ENDED : State.TORN;
  }

  private boolean isSound(int length) {
    long end = (long) position + Segment.FRAME_HEADER + length;
    if (length < 0 || length > bytes.length || end > segment.size()) {
      return false;
    }
    segment.copyFrame(position, bytes, length);
    crc.reset();
    crc.update(bytes, 0, FrameWriter.constantBytes(bytes, length));
    return (int) crc.getValue() == segment.crcAt(position);
  }
}
