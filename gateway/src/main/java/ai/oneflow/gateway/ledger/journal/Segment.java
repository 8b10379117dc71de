package ai.oneflow.gateway.ledger.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/// One file of the journal, mapped into memory.
///
/// Three threads meet here and none waits: the *owner* appends and seals, the *writer* reads what
/// is published and notes what SQL has, the *keeper* forces, unmaps and deletes. A frame is its
/// length, its CRC-32C and its bytes, on a multiple of eight. The length is stored last and with
/// release semantics: whoever sees it sees the frame, and an append that was cut short by the death
/// of the process leaves a zero there.
///
/// The file's blocks are written when it is made. A sparse file would be made faster, but a full
/// disk would then show as a fault in the middle of an append.
final class Segment {
  static final int FRAME_HEADER = 2 * Integer.BYTES;
  private static final int ALIGNMENT = Long.BYTES;
  private static final int CHUNK = 256 << 10;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_AT = INT.varHandle();
  private static final VarHandle LONG_AT =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final Path file;
  private final String gateway;
  private final Arena arena;
  private final MemorySegment map;
  private final boolean leftover;

  private int position = SegmentHeader.BYTES;
  private final AtomicLong appendedBytes = new AtomicLong(SegmentHeader.BYTES);
  private final AtomicLong appendedEvents = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private volatile Progress stored = Progress.START;
  private volatile boolean sealed;
  private volatile boolean released;

  private Segment(Path file, String gateway, Arena arena, MemorySegment map) {
    this.file = file;
    this.gateway = gateway;
    this.arena = arena;
    this.map = map;
    this.leftover = map.isReadOnly();
    this.sealed = leftover;
  }

  /// Bytes and events up to some point of the file.
  record Progress(long bytes, long events) {
    static final Progress START = new Progress(SegmentHeader.BYTES, 0);
  }

  /// Makes an empty file, which gets its name only when it is whole.
  static Segment create(Path file, JournalSettings settings) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + JournalFolder.UNFINISHED);
    Arena arena = newArena();
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      fill(channel, SegmentHeader.of(settings.gateway()), settings.segmentBytes());
      MemorySegment map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return new Segment(file, settings.gateway(), arena, map);
    } catch (IOException e) {
      arena.close();
      Files.deleteIfExists(unfinished);
      throw e;
    }
  }

  /// Opens a file that an earlier process left, and brings it to the disk: that process may have
  /// been killed before it did.
  ///
  /// @throws UnreadableSegmentException where its header is not one of this format
  static Segment open(Path file) throws IOException, UnreadableSegmentException {
    Arena arena = newArena();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      String gateway =
          SegmentHeader.gatewayOf(map).orElseThrow(() -> new UnreadableSegmentException(file));
      channel.force(false);
      return new Segment(file, gateway, arena, map);
    } catch (IOException | UnreadableSegmentException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Owner: whether `bytes` more would fit, frame headers included.
  boolean hasRoomFor(int bytes) {
    return position + bytes <= map.byteSize();
  }

  /// Owner.
  boolean isHalfFull() {
    return !hasRoomFor((int) (map.byteSize() / 2));
  }

  /// Owner: publishes the frame; there must be room. `events` is the number of events in it.
  /// Returns where the frame's payload begins.
  int append(FrameWriter frame, int events) {
    int at = position + FRAME_HEADER;
    int length = frame.length();
    MemorySegment.copy(frame.bytes(), 0, map, ValueLayout.JAVA_BYTE, at, length);
    map.set(INT, position + Integer.BYTES, frame.crc());
    INT_AT.setRelease(map, (long) position, length);
    position = next(position, length);
    appendedBytes.setRelease(position);
    appendedEvents.setRelease(appendedEvents.getPlain() + events);
    return at;
  }

  /// Owner: changes eight aligned bytes of a frame as one.
  void overwrite(int at, long word) {
    LONG_AT.setOpaque(map, (long) at, word);
  }

  /// Owner: the frame of a request on its way is here, so the file stays.
  void opened() {
    open.setRelease(open.getPlain() + 1);
  }

  /// Owner: the request's end, or another frame of it, is in the journal.
  void closed() {
    open.setRelease(open.getPlain() - 1);
  }

  /// How many requests on their way have their frame here.
  long open() {
    return open.getAcquire();
  }

  boolean isLeftover() {
    return leftover;
  }

  /// Owner: no frame will follow.
  void seal() {
    sealed = true;
  }

  boolean isSealed() {
    return sealed;
  }

  /// Writer: the length of the frame at `offset`; 0 where none is published.
  int lengthAt(int offset) {
    return offset + FRAME_HEADER > map.byteSize() ? 0 : (int) INT_AT.getAcquire(map, (long) offset);
  }

  int crcAt(int offset) {
    return map.get(INT, offset + Integer.BYTES);
  }

  void copyFrame(int offset, byte[] into, int length) {
    MemorySegment.copy(map, ValueLayout.JAVA_BYTE, offset + FRAME_HEADER, into, 0, length);
  }

  /// Writer: whether nothing but zeros follows.
  boolean isZeroFrom(int offset) {
    for (long i = offset; i < map.byteSize(); i++) {
      if (map.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Writer: SQL has all up to here.
  void stored(Progress progress) {
    stored = progress;
  }

  /// Whether SQL has all before that byte; of a leftover, all that can be got out of it.
  boolean isStoredUpTo(long end) {
    return released || (!leftover && stored.bytes >= end);
  }

  /// How far it is filled, as far as the owner has told; of a leftover nobody knows.
  long appendedBytes() {
    return appendedBytes.get();
  }

  /// Writer: the file may go.
  void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }

  /// Keeper: brings to the disk what SQL does not have yet, and how far open requests have come.
  void force() {
    long from = open() > 0 ? 0 : stored.bytes;
    long to = appendedBytes();
    if (to > from) {
      map.asSlice(from, to - from).force();
    }
  }

  /// Keeper: gives the memory back; nobody may touch the segment afterwards.
  void unmap() {
    arena.close();
  }

  Path file() {
    return file;
  }

  String gateway() {
    return gateway;
  }

  long size() {
    return map.byteSize();
  }

  long backlogEvents() {
    return Math.max(0, appendedEvents.get() - stored.events);
  }

  /// Of a leftover nobody knows how far it is filled, so all of it counts.
  long backlogBytes() {
    long end = leftover ? map.byteSize() : appendedBytes();
    return released ? 0 : Math.max(0, end - stored.bytes);
  }

  /// Lives until [#unmap]: its end is decided by another thread than the one that opens it.
  @SuppressWarnings("MustBeClosed")
  private static Arena newArena() {
    return Arena.ofShared();
  }

  static int next(int offset, int length) {
    return (offset + FRAME_HEADER + length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  private static void fill(FileChannel channel, ByteBuffer header, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
    for (int written = 0; written < bytes; ) {
      written += channel.write(zeros.clear().limit(Math.min(CHUNK, bytes - written)));
    }
    channel.write(header, 0);
  }
}
