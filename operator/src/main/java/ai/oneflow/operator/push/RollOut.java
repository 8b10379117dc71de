package ai.oneflow.operator.push;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.SnapshotVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// How far a snapshot has come: one gateway tries it, and the others get it when that one has
/// accepted it. What a gateway refuses goes no further, and what ends one ends one at a time.
///
/// Meanwhile the others are brought to the newest snapshot that was accepted, so a new one in each
/// moment keeps nobody waiting for ever. Confined to the lock of [Fleet].
final class RollOut {
  /// How many snapshots back a gateway may be and still get a delta.
  private static final int REMEMBERED = 16;

  /// A gateway that has not answered for so long may be slow, or hang: one more tries.
  static final Duration ANSWER_SOON = Duration.ofSeconds(1);

  /// Streams break for many reasons, so the first that does in a trial holds up nothing.
  private static final Duration AFTER_SECOND_LOSS = Duration.ofSeconds(5);

  private static final Duration AFTER_MANY_LOSSES = Duration.ofMinutes(1);

  /// In the order in which they were published.
  private final LinkedHashMap<SnapshotVersion, Publication> recent = new LinkedHashMap<>();

  private Optional<Publication> newest = Optional.empty();
  private Optional<Publication> proven = Optional.empty();
  private long published = Publication.INHERITED + 1;
  private boolean refused;
  private int losses;
  private Instant nextTrial = Instant.MIN;

  /// Gateways accepted this before there was anything to publish here; it is older than all that
  /// is.
  void inherit(GatewaySnapshot snapshot, LongSupplier nonces) {
    if (recent.isEmpty()) {
      Publication former = new Publication(snapshot, nonces, Publication.INHERITED);
      recent.put(former.version(), former);
      accepted(former.version());
    }
  }

  /// Says whether that is news.
  boolean publish(GatewaySnapshot snapshot, LongSupplier nonces) {
    if (isNewest(snapshot.version())) {
      return false;
    }
    Publication former = recent.remove(snapshot.version());
    Publication next = new Publication(snapshot, nonces, published++);
    recent.put(next.version(), next);
    while (recent.size() > REMEMBERED) {
      recent.pollFirstEntry();
    }
    newest
        .filter(superseded -> !isProven(superseded.version()))
        .ifPresent(Publication::forgetEncodings);
    newest = Optional.of(next);
    refused = false;
    losses = 0;
    nextTrial = Instant.MIN;
    if (former != null && former.isAccepted()) {
      accepted(next.version());
    }
    return true;
  }

  Optional<GatewaySnapshot> known(SnapshotVersion version) {
    return Optional.ofNullable(recent.get(version)).map(Publication::snapshot);
  }

  /// The publication of this version; the newest where that is too long ago.
  Optional<Publication> ofVersionOrNewest(SnapshotVersion version) {
    return Optional.ofNullable(recent.get(version)).or(() -> newest);
  }

  /// The newest that some gateway has accepted.
  Optional<GatewaySnapshot> accepted() {
    return proven.map(Publication::snapshot);
  }

  /// The newest that some gateway has accepted of those that are older than this version.
  Optional<GatewaySnapshot> acceptedBefore(SnapshotVersion version) {
    Optional<Publication> than = Optional.ofNullable(recent.get(version));
    return Stream.concat(recent.values().stream(), proven.stream())
        .filter(p -> p.isAccepted() && !p.version().equals(version))
        .filter(p -> than.map(t -> t.isAfter(p)).orElse(true))
        .max((one, other) -> one.isAfter(other) ? 1 : -1)
        .map(Publication::snapshot);
  }

  boolean isNewest(SnapshotVersion version) {
    return newest.filter(n -> n.version().equals(version)).isPresent();
  }

  /// Whether the newest is still to be accepted by anybody.
  boolean isOpen() {
    return newest.filter(n -> !isProven(n.version())).isPresent();
  }

  private boolean isProven(SnapshotVersion version) {
    return proven.filter(p -> p.version().equals(version)).isPresent();
  }

  /// A gateway runs this version.
  void accepted(SnapshotVersion version) {
    Publication publication = recent.get(version);
    if (publication == null || publication.isAccepted()) {
      return;
    }
    publication.accept();
    if (proven.isEmpty() || publication.isAfter(proven.get())) {
      proven.ifPresent(Publication::forgetEncodings);
      proven = Optional.of(publication);
    }
  }

  /// A gateway refuses this version.
  void refused(SnapshotVersion version) {
    refused |= isNewest(version);
  }

  /// A stream broke while this version was tried over it.
  void lost(SnapshotVersion version, Instant now) {
    if (isNewest(version) && isOpen()) {
      nextTrial = now.plus(pause(losses++));
    }
  }

  private static Duration pause(int lossesBefore) {
    if (lossesBefore == 0) {
      return Duration.ZERO;
    }
    Duration pause = AFTER_SECOND_LOSS.multipliedBy(1L << Math.min(lossesBefore - 1, 8));
    return pause.compareTo(AFTER_MANY_LOSSES) > 0 ? AFTER_MANY_LOSSES : pause;
  }

  /// What a gateway is to run that has answered everything.
  ///
  /// @param tried whether another was sent the newest and may still answer soon
  Optional<Publication> due(GatewayStream stream, Instant now, BooleanSupplier tried) {
    return newest
        .filter(n -> isProven(n.version()) || mayTry(stream, now, tried))
        .or(() -> proven.filter(p -> !runsLater(stream, p)));
  }

  private boolean mayTry(GatewayStream stream, Instant now, BooleanSupplier tried) {
    // Who holds nothing has nothing to lose.
    boolean must = stream.holdsNothing() && proven.isEmpty();
    return must || (!refused && !now.isBefore(nextTrial) && !tried.getAsBoolean());
  }

  /// A former operator may have sent it something that nobody here knows, after what was inherited.
  private boolean runsLater(GatewayStream stream, Publication than) {
    Optional<Publication> running = stream.state.runs().map(runs -> recent.get(runs.version()));
    return running
        .map(r -> r.isAfter(than))
        .orElseGet(() -> than.isInherited() && !stream.holdsNothing());
  }
}
