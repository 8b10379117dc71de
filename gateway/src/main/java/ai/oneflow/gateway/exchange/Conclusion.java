package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.dialect.tokens.Tokenizer;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.relay.Relay;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// How a request ends with an attempt.
///
/// @param status that the caller is told; 0 where nobody is there to be told
/// @param figures of the provider, or guessed by bytes
/// @param answer as far as there is one
record Conclusion(Outcome outcome, int status, Figures figures, Optional<Relay> answer) {

  /// Writes it down, and lets go of the request. What was guessed is counted before with the
  /// model's own tokenizer, where that is public and this process goes on.
  ///
  /// @param then told the charge on the event loop: at once, unless there is to count
  void write(Attempt attempt, Worker worker, Consumer<Charge> then) {
    Consumer<Figures> write =
        known -> {
          attempt.attempts().body().release();
          then.accept(attempt.event().end(outcome, status, known));
        };
    Optional<Tokenizer> tokenizer = attempt.event().estimate().tokenizer();
    if (figures.source() == UsageSource.ESTIMATED
        && tokenizer.isPresent()
        && !worker.isStopping()) {
      count(attempt, tokenizer.get(), worker, write);
    } else {
      write.accept(figures);
    }
  }

  private void count(Attempt attempt, Tokenizer tokenizer, Worker worker, Consumer<Figures> then) {
    OutputSize written = answer.map(Relay::written).orElse(OutputSize.NONE);
    Estimate guess = attempt.event().estimate();
    TokenCounter counter = worker.tokens();
    worker.countingBegins();
    Consumer<Figures> ended =
        known -> {
          try {
            then.accept(known);
          } finally {
            worker.countingEnded();
          }
        };
    var _ =
        counter
            .count(tokenizer, attempt.attempts().body()::texts)
            .thenCombine(
                counter.count(tokenizer, this::texts),
                (prompt, text) -> guess.counted(figures, prompt, written, text))
            .thenAccept(counted -> worker.loop().execute(() -> ended.accept(counted)));
  }

  private List<String> texts() {
    return answer.map(Relay::texts).orElse(List.of());
  }
}
