package ai.oneflow.tests.chaos;

import ai.oneflow.simulator.Usage;
import ai.oneflow.tests.chaos.LedgerRows.Row;

/// A line that the ledger may have of a request.
///
/// @param figures where they come from, and which they are
record Expectation(String outcome, Figures figures) {

  /// What a request is charged by.
  sealed interface Figures {
    /// The provider's own, exactly.
    record Told(Usage usage) implements Figures {}

    /// Counted by the gateway: of the prompt something, of the answer so much.
    record Estimated(long leastOutput, long mostOutput) implements Figures {}

    /// Nothing was produced for the caller.
    record None() implements Figures {}
  }

  boolean allows(Row row) {
    return row.outcome().equals(outcome)
        && switch (figures) {
          case Figures.Told(Usage told) ->
              row.source().equals("provider")
                  && row.input() == told.promptTokens()
                  && row.cached() == told.cachedTokens()
                  && row.output() == told.completionTokens();
          case Figures.Estimated(long least, long most) ->
              row.source().equals("estimated")
                  && row.input() > 0
                  && row.output() >= least
                  && row.output() <= most;
          case Figures.None() ->
              row.source().equals("none") && row.input() == 0 && row.output() == 0;
        };
  }
}
