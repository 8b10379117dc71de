package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.dialect.tokens.TextTokens;
import ai.oneflow.gateway.dialect.tokens.Tokenizer;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.relay.EventRelay;
import ai.oneflow.gateway.quota.Ask;
import java.util.Optional;

/// What one request probably used, for where its provider does not say, and how far it may go. It
/// is never more than what is held: what was held is the most that the request may use, so a guess
/// beyond is an error of the guess, or a provider's that passes over the length it was given.
final class Estimate {
  /// Half of the recorded answers are guessed longer than they are, one in eight by more than half:
  /// who ended them at the length that their callers gave would cut off what these may have. So far
  /// beyond it is no error of the guess.
  private static final int CLEARLY = 2;

  private final ModelTokens tokens;
  private final PromptSize prompt;
  private final long heldInput;
  private final long heldOutput;
  private final int patience;

  /// @param held what was taken of the limits, at least what this target may use
  Estimate(CompiledTarget target, ParsedRequest request, Ask held) {
    tokens = target.tokens();
    prompt = request.fields().prompt();
    Surface surface = request.surface();
    OutputCap length = request.fields().output();
    heldOutput = tokens.outputBound(surface, length);
    heldInput =
        Math.min(tokens.inputBound(surface, prompt), Math.max(0, held.tokens() - heldOutput));
    patience = tokens.isGiven(surface, length) ? CLEARLY : 1;
  }

  /// Tokens of the prompt.
  long input() {
    return Math.min(tokens.inputEstimate(prompt), heldInput);
  }

  /// Tokens of so much of an answer.
  long output(OutputSize written) {
    return Math.min(tokens.outputEstimate(written), heldOutput);
  }

  /// The provider's figures, or else these.
  Figures orOfProvider(Optional<Usage> usage, OutputSize written) {
    return usage
        .map(Figures::ofProvider)
        .orElseGet(() -> Figures.estimated(input(), output(written)));
  }

  /// As [#orOfProvider], of an answer that was ended at what was held: no more than that.
  Figures withinHold(Optional<Usage> usage, OutputSize written) {
    return orOfProvider(usage.filter(this::isWithinHold), written);
  }

  private boolean isWithinHold(Usage usage) {
    return usage.inputTokens() <= heldInput && usage.outputTokens() <= heldOutput;
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
    return Figures.estimated(
        Math.min(tokens.inputEstimate(prompt, read), heldInput), Math.min(output, heldOutput));
  }

  /// How a stream of it is read.
  ///
  /// @param hideUsage the caller did not ask for it
  EventRelay.Reading reading(boolean hideUsage) {
    return new EventRelay.Reading(hideUsage, tokens.tokenizer().isPresent(), this::holds);
  }

  /// Whether so long an answer is within what was held for it. One that is not comes from a
  /// provider that passes over the length it was given, or from a model that makes longer answers
  /// than it is declared to; no length was given in the latter case, so there the guess decides at
  /// once.
  private boolean holds(OutputSize written) {
    return written.fewestTokens() <= heldOutput
        && tokens.outputEstimate(written) / patience <= heldOutput;
  }
}
