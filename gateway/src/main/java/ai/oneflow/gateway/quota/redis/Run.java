package ai.oneflow.gateway.quota.redis;

import java.util.UUID;

/// One run of a gateway's program. Its leases begin with the gateway's name and this, so that all
/// can see which of two runs under one name is the later one.
///
/// @param begunMillis by the gateway's clock, since 1970, before it recorded anything; 0 where an
///     older version did not say
/// @param word that no other run has
public record Run(long begunMillis, String word) {
  private static final char WHEN = '.';

  public Run {
    if (begunMillis < 0 || word.isBlank() || word.matches(".*[\\s{}#.-].*")) {
      throw new IllegalArgumentException(
          "a run needs a time and a word without marks: " + begunMillis + ", " + word);
    }
  }

  /// The one that begins now.
  public static Run begin() {
    return new Run(System.currentTimeMillis(), UUID.randomUUID().toString().substring(0, 8));
  }

  /// What the names of its leases begin with.
  String leases(String instance) {
    return instance + "#" + begunMillis + WHEN + word + "-";
  }

  /// Whose lease it is.
  static String instance(String lease) {
    return lease.substring(0, lease.indexOf('#'));
  }

  /// When the run began that the lease is of.
  static long begunMillis(String lease) {
    int from = lease.indexOf('#') + 1;
    int to = lease.indexOf(WHEN, from);
    String millis = to < 0 ? "" : lease.substring(from, to);
    return millis.matches("\\d{1,15}") ? Long.parseLong(millis) : 0;
  }

  /// Whether one lease is of a later run of the gateway than another.
  static boolean isLater(String one, String other) {
    return instance(one).equals(instance(other)) && begunMillis(one) > begunMillis(other);
  }
}
