package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One recording thread's part of the journal: its current file and what is defined in it. A
/// thread of its own for each file makes a lock needless, and, unlike claiming room in a shared
/// file by an atomic add, leaves no hole before a finished event when the process dies.
final class Lane {
  /// A frame's header, and what fills it up to its alignment.
  private static final int AROUND_A_FRAME = Segment.FRAME_HEADER + Long.BYTES;

  /// Three definitions and an event, each of the largest size.
  private static final int ROOM = 4 * (FrameWriter.MOST_BYTES + AROUND_A_FRAME);

  /// A file that is older than so many stays no longer for the sake of a request that goes on: its
  /// frame is written anew, so that a stream of hours does not keep all files since.
  private static final int FILES_KEPT = 4;

  private final Journal journal;
  private final EventIds ids;
  private final FrameWriter frame = new FrameWriter();

  /// By identity: an equal text that is another object is merely defined again.
  private final IdentityHashMap<Object, Integer> defined = new IdentityHashMap<>();

  private final OpenRequests open = new OpenRequests();
  private @Nullable Segment segment;
  private int files;
  private int callers;
  private int destinations;
  private int priceVersions;

  Lane(Journal journal, EventIds ids) {
    this.journal = journal;
    this.ids = ids;
  }

  EventIds ids() {
    return ids;
  }

  /// Whether the event is in the journal now.
  boolean record(UsageEvent event) {
    Segment current = current(ROOM + roomFor(event.failed()));
    if (current == null) {
      journal.refused(event.id());
      return false;
    }
    if (!current.hasRoomFor(ROOM + roomFor(event.failed()))) {
      return record(event.withFailed(List.of())); // only files smaller than usual are too small
    }
    define(event.failed(), current);
    int caller = indexOf(event.caller(), current);
    int destination = indexOf(event.destination(), current);
    int priceVersion = indexOf(event.cost().priceVersion(), current);
    frame.event(event, caller, destination, priceVersion);
    for (FailedAttempt attempt : event.failed()) {
      frame.failed(attempt, numberOf(attempt.destination()));
    }
    current.append(frame, 1);
    return true;
  }

  /// Writes down that a request is on its way, where there is room.
  OpenRequest open(Opening opening) {
    OpenRequest request = new OpenRequest(this, opening);
    Segment current = current(ROOM);
    if (current != null) {
      write(request, current);
    }
    return request;
  }

  /// Writes down where the request goes now, and then lets go of its former frame. In this order: a
  /// process that dies between the two leaves both, and the later wins.
  void redirect(OpenRequest request, Opening next) {
    Segment current = current(ROOM);
    request.turnTo(next);
    if (current == null) {
      return;
    }
    if (request.isWritten()) {
      open.remove(request);
    }
    write(request, current);
  }

  /// Writes the event and then lets go of the request. In this order: a process that dies between
  /// the two leaves both, and the event wins.
  boolean end(OpenRequest request, UsageEvent event) {
    if (!record(event)) {
      return false;
    }
    if (request.isWritten()) {
      open.remove(request);
      request.forget();
    }
    return true;
  }

  private void write(OpenRequest request, Segment current) {
    Opening opening = request.opening();
    int caller = indexOf(opening.caller(), current);
    int destination = indexOf(opening.destination(), current);
    int priceVersion = indexOf(opening.rates().priceVersion(), current);
    int at = current.append(frame.opened(request, caller, destination, priceVersion), 0);
    request.writtenTo(current, at + frame.length() - FrameWriter.PROGRESS_BYTES);
    request.file = files;
    open.add(request);
  }

  /// Writes the oldest requests anew, into half of a file at most.
  private void renewOldest(Segment current) {
    OpenRequest oldest = open.oldest();
    while (oldest != null && files - oldest.file >= FILES_KEPT && !current.isHalfFull()) {
      open.remove(oldest);
      write(oldest, current);
      oldest = open.oldest();
    }
  }

  private @Nullable Segment current(int room) {
    Segment current = segment;
    if (current != null && current.hasRoomFor(room) && !current.isSealed()) {
      return current;
    }
    if (current != null) {
      journal.seal(current);
    }
    defined.clear();
    callers = 0;
    destinations = 0;
    priceVersions = 0;
    Segment next = journal.nextSegment();
    segment = next;
    if (next != null) {
      files++;
      renewOldest(next);
    }
    return next;
  }

  /// What the definitions take at most that these want beside those of [#ROOM].
  private int roomFor(List<FailedAttempt> failed) {
    int bytes = 0;
    for (FailedAttempt attempt : failed) {
      if (!defined.containsKey(attempt.destination())) {
        bytes += FrameWriter.mostBytes(attempt.destination()) + AROUND_A_FRAME;
      }
    }
    return bytes;
  }

  private void define(List<FailedAttempt> failed, Segment current) {
    for (FailedAttempt attempt : failed) {
      indexOf(attempt.destination(), current);
    }
  }

  /// Of what is defined.
  private int numberOf(Destination destination) {
    return Objects.requireNonNull(defined.get(destination));
  }

  private int indexOf(Caller caller, Segment current) {
    Integer index = defined.get(caller);
    if (index != null) {
      return index;
    }
    current.append(frame.caller(caller), 0);
    defined.put(caller, callers);
    return callers++;
  }

  private int indexOf(Destination destination, Segment current) {
    Integer index = defined.get(destination);
    if (index != null) {
      return index;
    }
    current.append(frame.destination(destination), 0);
    defined.put(destination, destinations);
    return destinations++;
  }

  private int indexOf(String priceVersion, Segment current) {
    Integer index = defined.get(priceVersion);
    if (index != null) {
      return index;
    }
    current.append(frame.priceVersion(priceVersion), 0);
    defined.put(priceVersion, priceVersions);
    return priceVersions++;
  }
}
