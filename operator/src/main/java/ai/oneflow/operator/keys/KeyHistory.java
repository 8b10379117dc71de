package ai.oneflow.operator.keys;

import ai.oneflow.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a Secret says of its key beside the key. It stands in annotations, so that one write of the
/// Secret changes the key and this together, and whoever looks later sees both or neither.
///
/// @param mintedAt when the key was made, in whole seconds
/// @param madeFor the value of `oneflow.ai/rotate` that it was made for; empty: none
/// @param formers the keys before it, the newest first, three at most
public record KeyHistory(Instant mintedAt, String madeFor, List<FormerKey> formers) {
  static final String MINTED_AT = Api.GROUP + "/minted-at";
  static final String MINTED_FOR = Api.GROUP + "/minted-for";
  static final String FORMER_KEYS = Api.GROUP + "/former-keys";

  /// Who rotates more often than this within a grace ends the oldest of them early.
  static final int MOST_FORMERS = 3;

  private static final String SEPARATOR = ",";

  public KeyHistory {
    mintedAt = mintedAt.truncatedTo(ChronoUnit.SECONDS);
    formers = List.copyOf(formers);
  }

  /// Of a key that had none before it.
  public static KeyHistory begun(Instant now, String madeFor) {
    return new KeyHistory(now, madeFor, List.of());
  }

  /// As a Secret says. One that was made before this was written down is as old as its key.
  public static KeyHistory of(Secret secret) {
    Map<String, String> annotations =
        Optional.ofNullable(secret.getMetadata().getAnnotations()).orElse(Map.of());
    Instant mintedAt =
        Stream.of(annotations.get(MINTED_AT), secret.getMetadata().getCreationTimestamp())
            .flatMap(Stream::ofNullable)
            .flatMap(text -> FormerKey.instant(text).stream())
            .findFirst()
            .orElse(Instant.EPOCH);
    List<FormerKey> formers =
        Arrays.stream(annotations.getOrDefault(FORMER_KEYS, "").split(SEPARATOR, -1))
            .flatMap(text -> FormerKey.parse(text).stream())
            .limit(MOST_FORMERS)
            .toList();
    return new KeyHistory(mintedAt, annotations.getOrDefault(MINTED_FOR, ""), formers);
  }

  /// All of our annotations; what is not among them is to be taken away.
  Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(MINTED_AT, mintedAt.toString());
    if (!madeFor.isEmpty()) {
      annotations.put(MINTED_FOR, madeFor);
    }
    if (!formers.isEmpty()) {
      annotations.put(
          FORMER_KEYS,
          formers.stream().map(FormerKey::text).collect(Collectors.joining(SEPARATOR)));
    }
    return annotations;
  }

  /// That of the key which takes the place of this one.
  KeyHistory followed(FormerKey former, String newMadeFor, Instant now) {
    Stream<FormerKey> all =
        knows(former.sha256())
            ? formers.stream()
            : Stream.concat(Stream.of(former), formers.stream());
    return new KeyHistory(now, newMadeFor, all.limit(MOST_FORMERS).toList());
  }

  boolean knows(String sha256) {
    return formers.stream().anyMatch(former -> former.sha256().equals(sha256));
  }

  /// Without the keys that have ended.
  KeyHistory pruned(Instant now) {
    return new KeyHistory(
        mintedAt, madeFor, formers.stream().filter(former -> former.until().isAfter(now)).toList());
  }

  /// The keys that were good for a while at least beside this one. Who gave no grace is not to
  /// depend on the clocks of gateways.
  public List<FormerKey> graced() {
    return formers.stream().filter(former -> former.until().isAfter(mintedAt)).toList();
  }

  /// Until when the newest of the keys before it works on; empty where it does not.
  public Optional<Instant> graceUntil(Instant now) {
    return pruned(now).graced().stream().findFirst().map(FormerKey::until);
  }
}
