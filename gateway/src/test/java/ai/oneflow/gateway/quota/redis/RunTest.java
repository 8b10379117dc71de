package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RunTest {
  private static final String LEASE = new Run(1_767_225_600_123L, "abcd1234").leases("gw-1") + "9";

  @Test
  void isReadOutOfItsLeases() {
    assertThat(LEASE).isEqualTo("gw-1#1767225600123.abcd1234-9");
    assertThat(Run.instance(LEASE)).isEqualTo("gw-1");
    assertThat(Run.begunMillis(LEASE)).isEqualTo(1_767_225_600_123L);
  }

  @Test
  void ofAnOlderVersionBeganBeforeAll() {
    assertThat(Run.begunMillis("gw-1#abcd1234-9")).isZero();
    assertThat(Run.isLater(LEASE, "gw-1#abcd1234-9")).isTrue();
  }

  @Test
  void isLaterThanAnotherOfTheSameGatewayAlone() {
    String later = new Run(1_767_225_600_124L, "x").leases("gw-1") + "0";

    assertThat(Run.isLater(later, LEASE)).isTrue();
    assertThat(Run.isLater(LEASE, later)).isFalse();
    assertThat(Run.isLater(LEASE, LEASE)).isFalse();
    assertThat(Run.isLater(later.replace("gw-1", "gw-2"), LEASE)).isFalse();
  }

  @Test
  void hasAWordThatALeaseCanBeTakenApartWith() {
    assertThatThrownBy(() -> new Run(1, "a-b")).hasMessageContaining("without marks");
  }
}
