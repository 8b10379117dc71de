package ai.oneflow.gateway.telemetry;

import java.util.Locale;

/// The parts of a usage that have a price of their own.
enum TokenPart {
  CACHED_INPUT,
  CACHE_WRITE_5M,
  CACHE_WRITE_1H,
  AUDIO_INPUT,
  REASONING,
  AUDIO_OUTPUT;

  private final String label = name().toLowerCase(Locale.ROOT);

  String label() {
    return label;
  }
}
