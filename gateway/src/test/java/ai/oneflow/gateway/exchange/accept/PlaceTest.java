package ai.oneflow.gateway.exchange.accept;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PlaceTest {
  private final Pressure gateway = new Pressure(Bounds.usual().withBodyBytes(2_000));
  private final LoopPressure loop = gateway.onLoop();

  @Test
  void holdsItsBodyUntilThatIsReleased() {
    Place place = new Place(loop);
    assertThat(place.take(1_000, 0)).isEmpty();
    assertThat(gateway.bodyBytes()).as("nothing has come yet").isZero();

    assertThat(place.add(1_000)).isEmpty();
    assertThat(gateway.bodyBytes()).isBetween(1_000L, 1_500L);
    place.left();
    assertThat(gateway.bodyBytes()).as("its provider may still need it").isPositive();

    place.bodyReleased();
    place.bodyReleased();
    assertThat(gateway.bodyBytes()).isZero();
  }

  @Test
  void refusesAPieceThatThereIsNoRoomForAndHoldsWhatItHad() {
    Place other = new Place(loop);
    Place place = new Place(loop);
    assertThat(other.add(1_000)).isEmpty();

    assertThat(place.add(1_000))
        .hasValueSatisfying(
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.GATEWAY_OVERLOADED);
              assertThat(error.retryAfter()).hasValue(Duration.ofSeconds(1));
            });
    assertThat(gateway.shedBy(Pressure.Reason.BODIES)).isEqualTo(1);

    other.bodyReleased();
    assertThat(place.add(1_000)).isEmpty();
  }

  @Test
  void refusesOnItsHeadABodyThatThereIsNoRoomFor() {
    assertThat(new Place(loop).add(1_000)).isEmpty();

    assertThat(new Place(loop).take(1_001, 0))
        .map(GatewayError::code)
        .hasValue(ErrorCode.GATEWAY_OVERLOADED);
    assertThat(new Place(loop).take(100, 0)).isEmpty();
  }

  @Test
  void takesNothingForWhatComesAfterItsBodyWasGivenUp() {
    Place place = new Place(loop);
    place.bodyReleased();

    assertThat(place.add(5_000)).isEmpty();

    assertThat(gateway.bodyBytes()).isZero();
  }

  @Test
  void holdsAnAnswerUntilThatIsReleased() {
    Place place = new Place(loop);
    assertThat(place.holdAnswer(1_000)).isTrue();
    assertThat(new Place(loop).take(1_000, 0)).isPresent();

    assertThat(place.holdAnswer(1_000)).as("no room for more of it").isFalse();

    place.answerReleased();
    place.answerReleased();
    assertThat(gateway.bodyBytes()).isZero();
  }
}
