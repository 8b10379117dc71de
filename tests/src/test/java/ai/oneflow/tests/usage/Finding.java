package ai.oneflow.tests.usage;

import java.math.BigDecimal;
import java.util.Optional;

/// What the gateway and the table say of one answer.
///
/// @param charged by the gateway, in pico-dollars; empty where the table has no price
/// @param worth by the table; empty where it has no price
/// @param witnessed the table has an extractor for this provider's API; otherwise OpenAI's was
// taken
record Finding(
    String name,
    Optional<Tokens> read,
    Optional<Tokens> expected,
    Optional<BigDecimal> charged,
    Optional<BigDecimal> worth,
    boolean witnessed) {

  boolean priced() {
    return charged.isPresent() && worth.isPresent();
  }

  boolean disagrees() {
    boolean costsDiffer =
        priced()
            ? charged.orElseThrow().compareTo(worth.orElseThrow()) != 0
            : charged.isPresent() != worth.isPresent();
    return costsDiffer || !read.equals(expected.map(Tokens::asRead));
  }

  /// As the page has it, but for the reason.
  String row() {
    return "`%s` | %s | %s"
        .formatted(name, shown(read, charged), shown(expected.map(Tokens::asRead), worth));
  }

  private static String shown(Optional<Tokens> figures, Optional<BigDecimal> cost) {
    return Tokens.shown(figures)
        + cost.map(pico -> ", $" + pico.movePointLeft(12).stripTrailingZeros().toPlainString())
            .orElse("");
  }
}
