package ai.oneflow.operator.build;

import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Refusal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Content that a gateway refused: it is not sent again, so that all other changes go on. It ends
/// when the resource, or anything that its entry is made of, changes, and when the gateway pod that
/// refused it is gone.
public record Quarantine(Map<EntryKey, Refused> refused) {
  public static final Quarantine EMPTY = new Quarantine(Map.of());

  public Quarantine {
    refused = Map.copyOf(refused);
  }

  /// An entry that is not sent again.
  ///
  /// @param content what was refused
  /// @param lastGood what is served by instead, where anything is known to be good
  /// @param instance the gateway pod
  /// @param reason in its own words
  public record Refused(Entry content, Optional<Entry> lastGood, String instance, String reason) {}

  /// With what a gateway has refused now. A refusal that names no entry quarantines none: there is
  /// nothing to leave out.
  ///
  /// @param sent what it refused
  /// @param kept what it goes on serving by, or was good before, where it is known
  public Quarantine with(
      String instance,
      Collection<Refusal> refusals,
      GatewaySnapshot sent,
      Optional<GatewaySnapshot> kept) {
    Map<EntryKey, Refused> all = new TreeMap<>(refused);
    for (Refusal refusal : refusals) {
      refusal
          .entry()
          .map(sent.entries()::get)
          .ifPresent(
              content -> {
                Optional<Entry> lastGood =
                    kept.map(k -> k.entries().get(content.key()))
                        .filter(good -> !good.equals(content));
                Refused now = new Refused(content, lastGood, instance, refusal.reason());
                all.merge(content.key(), now, Quarantine::merge);
              });
    }
    return new Quarantine(all);
  }

  /// Of two gateways that refuse one content, the one that knows better what to serve instead.
  /// Where that is refused as well nothing is served: else one would be tried after the other for
  /// ever.
  private static Refused merge(Refused former, Refused now) {
    if (former.lastGood().equals(Optional.of(now.content()))) {
      return new Refused(former.content(), Optional.empty(), former.instance(), former.reason());
    }
    boolean same = former.content().equals(now.content());
    return same && now.lastGood().isEmpty() ? former : now;
  }

  /// Without what this gateway pod refused: it is gone, and the others are asked.
  public Quarantine without(String instance) {
    Map<EntryKey, Refused> left = new TreeMap<>(refused);
    left.values().removeIf(r -> r.instance().equals(instance));
    return new Quarantine(left);
  }

  /// The gateway pods that refused what is in it.
  public Set<String> instances() {
    return refused.values().stream().map(Refused::instance).collect(Collectors.toSet());
  }

  /// Without what is lifted.
  public Quarantine retaining(Collection<EntryKey> keys) {
    Map<EntryKey, Refused> left = new TreeMap<>(refused);
    left.keySet().retainAll(keys);
    return new Quarantine(left);
  }

  /// Why this content is not to be sent; empty where it is.
  Optional<Refused> against(Entry content) {
    return Optional.ofNullable(refused.get(content.key())).filter(r -> r.content().equals(content));
  }
}
