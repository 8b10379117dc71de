package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.dialect.tokens.TextTokens;
import ai.oneflow.gateway.dialect.tokens.Tokenizer;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import java.util.Optional;

/// What one request probably used, for where its provider does not say, and how far it may go.
final class Estimate {
  /// An estimate so far beyond what was held is no error of the estimate.
  private static final int CLEARLY = 2;

  private final ModelTokens tokens;
  private final PromptSize prompt;
  private final long input;
  private final long heldOutput;

  Estimate(CompiledTarget target, ParsedRequest request) {
    tokens = target.tokens();
    prompt = request.fields().prompt();
    input = tokens.inputEstimate(prompt);
    heldOutput = tokens.outputBound(request.surface(), request.fields().output());
  }

  /// Tokens of the prompt.
  long input() {
    return input;
  }

  /// Tokens of so much of an answer.
  long output(OutputSize written) {
    return tokens.outputEstimate(written);
  }

  /// The provider's figures, or else these.
  Figures orOfProvider(Optional<Usage> usage, OutputSize written) {
    return usage
        .map(Figures::ofProvider)
        .orElseGet(() -> Figures.estimated(input, output(written)));
  }

  /// What can count better than the bytes do.
  Optional<Tokenizer> tokenizer() {
    return tokens.tokenizer();
  }

  /// Better figures than these, where texts were counted.
  ///
  /// @param read of the prompt
  /// @param written the answer; its output may be nobody's to pay
  /// @param counted of the answer
  Figures counted(Figures guessed, TextTokens read, OutputSize written, TextTokens counted) {
    long output = guessed.usage().outputTokens() == 0 ? 0 : tokens.outputEstimate(written, counted);
    return Figures.estimated(tokens.inputEstimate(prompt, read), output);
  }

  /// The answer is longer than what was held for it: the provider passes over the length that it
  /// was given, or the model makes longer answers than it is declared to.
  boolean isBeyondHold(OutputSize written) {
    return written.fewestTokens() > heldOutput || output(written) / CLEARLY > heldOutput;
  }
}
