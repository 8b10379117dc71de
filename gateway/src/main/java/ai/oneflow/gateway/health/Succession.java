package ai.oneflow.gateway.health;

import ai.oneflow.snapshot.Credential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A credential that was put in the place of another one. Until the provider has accepted it once,
/// the one before it is kept, to serve on where it is refused; then, or after [#LONGEST], nothing
/// here holds that one any more. It is in memory only. Thread-safe; nothing here blocks.
public final class Succession {
  /// Long enough for somebody to see it and to mend it.
  public static final Duration LONGEST = Duration.ofHours(24);

  private final int place;
  private final Former former;

  private Succession(int place, Former former) {
    this.place = place;
    this.former = former;
  }

  /// The one before, which outlives changes of the pool around it.
  private static final class Former {
    final AtomicReference<@Nullable Credential> credential;
    final long endNanos;

    Former(Credential credential, long endNanos) {
      this.credential = new AtomicReference<>(credential);
      this.endNanos = endNanos;
    }
  }

  /// The credentials of a provider, and what those took the place of that were not accepted yet.
  public record Line(List<Credential> credentials, List<Succession> successions) {
    public static final Line NONE = of(List.of());

    public Line {
      credentials = List.copyOf(credentials);
      successions = List.copyOf(successions);
    }

    /// Credentials that took the place of no others.
    public static Line of(List<Credential> credentials) {
      return new Line(credentials, List.of());
    }

    /// The same provider with other credentials. The first that is new takes the place of the first
    /// that is gone, and so on; of one that is gone without another for it nothing is kept. Where
    /// one was replaced before it was ever accepted, the one before that is kept on.
    ///
    /// @param nowNanos such as [System#nanoTime()]
    Line changedTo(List<Credential> now, long nowNanos) {
      List<Succession> next = new ArrayList<>();
      List<Credential> gone =
          credentials.stream().filter(c -> isSecret(c) && !now.contains(c)).toList();
      int replaced = 0;
      for (int i = 0; i < now.size(); i++) {
        int same = credentials.indexOf(now.get(i));
        if (same >= 0) {
          keep(next, i, unaccepted(same, nowNanos), now);
        } else if (isSecret(now.get(i)) && replaced < gone.size()) {
          Credential before = gone.get(replaced++);
          Former kept =
              unaccepted(credentials.indexOf(before), nowNanos)
                  .orElseGet(() -> new Former(before, nowNanos + LONGEST.toNanos()));
          keep(next, i, Optional.of(kept), now);
        }
      }
      return new Line(now, next.equals(successions) ? successions : next);
    }

    private void keep(
        List<Succession> next, int place, Optional<Former> former, List<Credential> now) {
      former
          .filter(kept -> now.stream().noneMatch(c -> c.equals(kept.credential.get())))
          .ifPresent(kept -> next.add(known(place, kept)));
    }

    private static boolean isSecret(Credential credential) {
      return !(credential instanceof Credential.None);
    }

    private Succession known(int place, Former former) {
      return successions.stream()
          .filter(s -> s.place == place && s.former == former)
          .findFirst()
          .orElseGet(() -> new Succession(place, former));
    }

    private Optional<Former> unaccepted(int place, long nowNanos) {
      return successions.stream()
          .filter(s -> s.place == place && s.isOpen(nowNanos))
          .map(s -> s.former)
          .findFirst();
    }
  }

  /// The place of the new one among the provider's credentials.
  public int place() {
    return place;
  }

  /// The one before it; empty once it is not kept any more.
  public Optional<Credential> former() {
    return Optional.ofNullable(former.credential.get());
  }

  /// Whether the one before it may still serve.
  boolean isOpen(long nowNanos) {
    if (nowNanos - former.endNanos >= 0) {
      accepted();
    }
    return former.credential.get() != null;
  }

  /// The provider has answered the new one: the one before it is forgotten.
  void accepted() {
    if (former.credential.get() != null) {
      former.credential.set(null);
    }
  }

  boolean isOf(Succession other) {
    return former == other.former;
  }
}
