package ai.oneflow.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Money;
import org.junit.jupiter.api.Test;

class DestinationMetersTest {
  private final DestinationMeters meters = new DestinationMeters();

  @Test
  void sumsOfMoneyBeyond64BitsDoNotWrap() {
    for (int i = 0; i < 4; i++) {
      meters.charged(new Charge.Priced(new Money(Long.MAX_VALUE), "v1"));
    }

    assertThat(meters.credits()).isCloseTo(4 * 922_337_203.685_477, within(0.001));
  }

  @Test
  void amountsBelowAMicroCreditAddUp() {
    for (int i = 0; i < 10_000; i++) {
      meters.charged(new Charge.Priced(new Money(1), "v1"));
    }

    assertThat(meters.credits()).isEqualTo(0.000_001);
  }

  @Test
  void chargesInDoubtAreCountedAndCostNothing() {
    meters.charged(new Charge.Overflowed("v1"));

    assertThat(meters.credits()).isZero();
    assertThat(meters.charges().of(ai.oneflow.gateway.ledger.ChargeState.OVERFLOWED)).isOne();
  }
}
