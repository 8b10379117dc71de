package ai.oneflow.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.snapshot.BudgetEntry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LimitScopeTest {

  @ParameterizedTest
  @EnumSource
  void tellsOfABudgetThatIsSpentWhollyWhateverElseItTellsOf(BudgetEntry.Action action) {
    assertThat(warnAt(action, List.of(80, 95))).containsExactly(80, 95, 100);
    assertThat(warnAt(action, List.of())).containsExactly(100);
  }

  @ParameterizedTest
  @CsvSource({"50, 100", "100, 100"})
  void tellsOfThatOnceWhereTheBudgetSaysItToo(int first, int last) {
    List<Integer> stated = List.of(first, last).stream().distinct().toList();

    assertThat(warnAt(BudgetEntry.Action.HARD_STOP, stated)).isEqualTo(stated);
  }

  private static List<Integer> warnAt(BudgetEntry.Action action, List<Integer> stated) {
    BudgetEntry budget =
        new BudgetEntry(
            1_000,
            BudgetEntry.Window.MONTH,
            "UTC",
            action,
            action == BudgetEntry.Action.DEGRADE ? "cheap" : "",
            stated);
    return LimitScope.of("key|ai/ci", "key ai/ci").budget(budget).warnAt();
  }
}
