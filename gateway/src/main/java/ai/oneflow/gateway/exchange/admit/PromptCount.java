package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.dialect.openai.OpenAiTexts;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.dialect.tokens.TextTokens;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.dialect.tokens.Tokenizer;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Taking;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A prompt that does not fit a limit by its bytes, and is to be counted with the tokenizer of its
/// model: text has some four bytes a token, so it may well fit. That takes long, so what fits by
/// its bytes is not counted.
///
/// @param tokenizer of the model
record PromptCount(Tokenizer tokenizer, Admitter.Request request) {
  /// Shorter prompts are a few hundred tokens at most by their bytes too.
  private static final int WORTHWHILE_BYTES = 512;

  /// What to count so that the limit may have room; empty where it cannot help.
  static Optional<PromptCount> after(Taking.Refused refused, Admitter.Request request) {
    PromptSize prompt = request.parsed().fields().prompt();
    if (prompt.textBytes() < WORTHWHILE_BYTES) {
      return Optional.empty();
    }
    UpperBound least = UpperBound.of(request, prompt.with(new TextTokens(prompt.textBytes(), 0)));
    UpperBound now = UpperBound.of(request);
    Limit limit = refused.standing().limit();
    long fewest = least.ask(List.of()).of(limit);
    long bytes = now.ask(List.of()).of(limit);
    return fewest < bytes && fewest <= refused.standing().left()
        ? request
            .target()
            .tokens()
            .tokenizer()
            .map(tokenizer -> new PromptCount(tokenizer, request))
        : Optional.empty();
  }

  /// Counts.
  ///
  /// @param loop where `then` runs
  /// @param then told the new bound, or the old one where nothing could be counted
  void count(TokenCounter counter, Executor loop, Consumer<UpperBound> then) {
    PromptSize prompt = request.parsed().fields().prompt();
    ByteBuf body = request.parsed().body().retainedSlice();
    var _ =
        counter
            .count(tokenizer, () -> OpenAiTexts.ofRequest(body))
            .whenComplete((_, _) -> body.release())
            .thenAcceptAsync(
                counted -> then.accept(UpperBound.of(request, prompt.with(counted))), loop);
  }
}
