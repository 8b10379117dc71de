package ai.oneflow.tests.usage;

import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.Tier;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// A model's prices in the table: as a book of the gateway, and as decimal numbers that are
/// multiplied here.
record ModelPrices(JsonNode prices) {
  private static final String INPUT = "input_mtok";
  private static final String OUTPUT = "output_mtok";
  private static final String CACHED = "cache_read_mtok";
  private static final String WRITTEN = "cache_write_mtok";
  private static final String AUDIO_INPUT = "input_audio_mtok";
  private static final String AUDIO_OUTPUT = "output_audio_mtok";
  private static final String CACHED_AUDIO = "cache_audio_read_mtok";
  private static final int PICO_DOLLARS_OF_A_MILLIONTH = 6;
  private static final int PICO_DOLLARS_OF_A_THOUSANDTH = 9;

  /// The book; empty where a price has more decimals than a price list can hold. Prices for a time
  /// of the day are not in it: there are none in a price list.
  Optional<PriceBook> book() {
    try {
      return Optional.of(exactBook());
    } catch (ArithmeticException tooManyDecimals) {
      return Optional.empty();
    }
  }

  private PriceBook exactBook() {
    List<PriceList> lists = new ArrayList<>();
    if (prices.isObject()) {
      lists.add(list(prices, Instant.EPOCH));
    }
    for (JsonNode one : prices.isArray() ? prices : List.<JsonNode>of()) {
      String date = one.path("constraint").path("start_date").asText("1970-01-01");
      if (!one.path("constraint").has("start_time")) {
        lists.add(
            list(
                one.path("prices"),
                LocalDate.parse(date).atStartOfDay().toInstant(ZoneOffset.UTC)));
      }
    }
    return PriceBook.of(lists);
  }

  private static PriceList list(JsonNode prices, Instant from) {
    TreeSet<Long> bounds = new TreeSet<>();
    for (JsonNode price : prices) {
      price.path("tiers").forEach(tier -> bounds.add(tier.path("start").asLong()));
    }
    long perRequest =
        prices
            .path("requests_kcount")
            .decimalValue()
            .movePointRight(PICO_DOLLARS_OF_A_THOUSANDTH)
            .longValueExact();
    return new PriceList(
        "table",
        from,
        tokens(prices, 0),
        new UnitPrices(perRequest, 0, 0, 0),
        100,
        bounds.stream().map(bound -> new Tier(bound, tokens(prices, bound + 1))).toList());
  }

  private static TokenPrices tokens(JsonNode prices, long input) {
    long plain = pico(prices, INPUT, input).orElse(0L);
    long output = pico(prices, OUTPUT, input).orElse(0L);
    long written = pico(prices, WRITTEN, input).orElse(plain);
    return new TokenPrices(
        plain,
        pico(prices, CACHED, input).orElse(plain),
        written,
        written,
        output,
        output,
        pico(prices, AUDIO_INPUT, input).orElse(plain),
        pico(prices, AUDIO_OUTPUT, input).orElse(output));
  }

  private static Optional<Long> pico(JsonNode prices, String name, long input) {
    return price(prices, name, input)
        .map(price -> price.movePointRight(PICO_DOLLARS_OF_A_MILLIONTH).longValueExact());
  }

  /// What the figures cost at a moment, in pico-dollars, by the table alone.
  BigDecimal cost(Tokens used, Instant at) {
    JsonNode valid = validAt(at);
    BigDecimal input = price(valid, INPUT, used.input()).orElse(BigDecimal.ZERO);
    BigDecimal output = price(valid, OUTPUT, used.input()).orElse(BigDecimal.ZERO);
    BigDecimal cached = price(valid, CACHED, used.input()).orElse(input);
    BigDecimal sum =
        times(used.input() - used.cached() - used.written() - used.audioInput(), input)
            .add(times(used.cached() - used.cachedAudio(), cached))
            .add(times(used.cachedAudio(), price(valid, CACHED_AUDIO, used.input()).orElse(cached)))
            .add(times(used.written(), price(valid, WRITTEN, used.input()).orElse(input)))
            .add(times(used.audioInput(), price(valid, AUDIO_INPUT, used.input()).orElse(input)))
            .add(times(used.output() - used.audioOutput(), output))
            .add(
                times(used.audioOutput(), price(valid, AUDIO_OUTPUT, used.input()).orElse(output)));
    BigDecimal thousandRequests = valid.path("requests_kcount").decimalValue();
    return sum.movePointRight(PICO_DOLLARS_OF_A_MILLIONTH)
        .add(thousandRequests.movePointRight(PICO_DOLLARS_OF_A_THOUSANDTH));
  }

  private static BigDecimal times(long tokens, BigDecimal price) {
    return price.multiply(BigDecimal.valueOf(tokens));
  }

  private JsonNode validAt(Instant at) {
    if (prices.isObject()) {
      return prices;
    }
    JsonNode valid = prices.path(0).path("prices");
    for (JsonNode one : prices) {
      valid = isValid(one.path("constraint"), at) ? one.path("prices") : valid;
    }
    return valid;
  }

  private static boolean isValid(JsonNode constraint, Instant at) {
    if (constraint.has("start_time")) {
      LocalTime time = at.atOffset(ZoneOffset.UTC).toLocalTime();
      return !time.isBefore(time(constraint, "start_time"))
          && time.isBefore(time(constraint, "end_time"));
    }
    String date = constraint.path("start_date").asText("1970-01-01");
    return !at.atOffset(ZoneOffset.UTC).toLocalDate().isBefore(LocalDate.parse(date));
  }

  private static LocalTime time(JsonNode constraint, String name) {
    return LocalTime.parse(constraint.path(name).asText().replace("Z", ""));
  }

  /// Dollars for a million tokens in a request with so much input.
  private static Optional<BigDecimal> price(JsonNode prices, String name, long input) {
    JsonNode price = prices.path(name);
    if (price.isNumber()) {
      return Optional.of(price.decimalValue());
    }
    JsonNode found = price.path("base");
    for (JsonNode tier : price.path("tiers")) {
      found = input > tier.path("start").asLong() ? tier.path("price") : found;
    }
    return found.isNumber() ? Optional.of(found.decimalValue()) : Optional.empty();
  }
}
