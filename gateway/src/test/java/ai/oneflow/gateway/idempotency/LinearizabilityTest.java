package ai.oneflow.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.idempotency.Linearizability.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

  private static Call claim(int begun, int ended, int caller, String seen) {
    return new Call(begun, ended, "claim", name -> name.claim(caller, "a"), seen);
  }

  private static Call conclude(int begun, int ended, int caller) {
    return new Call(begun, ended, "conclude", name -> name.conclude(caller), "done");
  }

  @Test
  void ofTwoAtOnceEitherMayBeFirst() {
    assertThat(List.of(true, true))
        .isEqualTo(
            List.of(
                Linearizability.holdsFor(
                    List.of(claim(1, 3, 0, "first"), claim(2, 4, 1, "under way"))),
                Linearizability.holdsFor(
                    List.of(claim(1, 3, 0, "under way"), claim(2, 4, 1, "first")))));
  }

  @Test
  void bothMayNotBeFirst() {
    assertThat(Linearizability.holdsFor(List.of(claim(1, 3, 0, "first"), claim(2, 4, 1, "first"))))
        .isFalse();
  }

  @Test
  void whatEndedBeforeMustShow() {
    assertThat(
            Linearizability.holdsFor(List.of(claim(1, 2, 0, "under way"), claim(3, 4, 1, "first"))))
        .isFalse();
    assertThat(
            Linearizability.holdsFor(
                List.of(claim(1, 2, 0, "first"), conclude(3, 4, 0), claim(5, 6, 1, "under way"))))
        .isFalse();
  }

  @Test
  void whatRunsBesideItMayShowOrNot() {
    for (String seen : List.of("under way", "answered by caller 0")) {
      assertThat(
              Linearizability.holdsFor(
                  List.of(claim(1, 2, 0, "first"), conclude(3, 6, 0), claim(4, 5, 1, seen))))
          .isTrue();
    }
  }
}
