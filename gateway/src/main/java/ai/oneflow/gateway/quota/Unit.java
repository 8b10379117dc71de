package ai.oneflow.gateway.quota;

import java.util.Locale;

/// What a limit counts.
public enum Unit {
  REQUESTS,
  TOKENS,
  /// In pico-dollars.
  CREDITS,
  /// In pico-dollars, out of what was topped up.
  PREPAID,
  /// Requests that are under way: what is taken comes back whole.
  CONCURRENT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// As counters, metrics and messages name it.
  public String label() {
    return label;
  }
}
