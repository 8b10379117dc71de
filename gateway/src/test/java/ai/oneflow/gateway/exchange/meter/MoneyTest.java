package ai.oneflow.gateway.exchange.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.00, 0.00",
    "1, 0.000000000001, 0.0000000001",
    "12500000000, 0.0125, 1.25",
    "90000000000, 0.09, 9.00",
    "1000000000000, 1.00, 100.00",
    "1234567890123, 1.234567890123, 123.4567890123",
    "9223372036854775807, 9223372.036854775807, 922337203.6854775807"
  })
  void showsAllOfItsDecimals(long picoDollars, String usd, String credits) {
    Money money = new Money(picoDollars);

    assertThat(money.toUsd()).isEqualTo(usd);
    assertThat(money.toCredits()).isEqualTo(credits);
  }

  @Property
  void renderingsAreExact(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long picoDollars) {
    Money money = new Money(picoDollars);

    assertThat(new BigDecimal(money.toUsd()).movePointRight(12))
        .isEqualByComparingTo(BigDecimal.valueOf(picoDollars));
    assertThat(new BigDecimal(money.toCredits()).movePointRight(10))
        .isEqualByComparingTo(BigDecimal.valueOf(picoDollars));
  }

  @Test
  void sumsThatDoNotFitAreAnError() {
    assertThatThrownBy(() -> new Money(Long.MAX_VALUE).plus(new Money(1)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void isNeverNegative() {
    assertThatThrownBy(() -> new Money(-1)).hasMessage("money must not be negative: -1");
  }
}
