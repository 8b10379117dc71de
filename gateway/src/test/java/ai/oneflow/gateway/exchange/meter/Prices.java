package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/// Price lists as a person would write them.
final class Prices {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  static final long THEN = BEGIN.toEpochMilli();
  static final UnitPrices NO_UNITS = new UnitPrices(0, 0, 0, 0);

  private Prices() {}

  /// @param input US dollars per million tokens
  static PriceBook book(String input, String output) {
    return PriceBook.of(List.of(list("v1", BEGIN, text(pico(input), pico(output)))));
  }

  static PriceList list(String version, Instant validFrom, TokenPrices tokens) {
    return new PriceList(version, validFrom, tokens, NO_UNITS, 100, List.of());
  }

  /// Every part costs what its side costs.
  static TokenPrices text(long input, long output) {
    return new TokenPrices(input, input, input, input, output, output, input, output);
  }

  static Usage tokens(long input, long output) {
    return new Usage(input, 0, 0, 0, 0, output, 0, 0);
  }

  private static long pico(String usdPerMillionTokens) {
    return new BigDecimal(usdPerMillionTokens).movePointRight(6).longValueExact();
  }
}
