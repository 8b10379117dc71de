package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.relay.Relay;
import ai.oneflow.gateway.ledger.Outcome;

/// Which figures an ending is charged by: the rows of `docs/accounting.md`.
///
/// @param guess of what the provider does not say
record EndingFigures(Estimate guess) {
  private static final int CLIENT_ERROR = 400;

  /// How an answer ends that went on to its end, or up to now.
  static Outcome outcome(int status, Relay relay) {
    if (status >= CLIENT_ERROR) {
      return Outcome.PROVIDER_REFUSED;
    }
    return relay.carriesError() ? Outcome.PROVIDER_FAILED : Outcome.COMPLETED;
  }

  /// Of an answer whose provider came to its end, or whose caller left it.
  Figures answered(Outcome outcome, Relay relay) {
    return outcome == Outcome.COMPLETED
        ? guess.orOfProvider(relay.usage(), relay.written())
        : passed(relay);
  }

  /// Of an answer that went wrong the caller pays for what it got.
  Figures passed(Relay relay) {
    boolean nothing = relay.usage().isEmpty() && relay.passed().bytes() == 0;
    return nothing ? Figures.NONE : guess.orOfProvider(relay.usage(), relay.passed());
  }

  /// A provider that has the request bills its prompt.
  Figures unanswered(boolean sent) {
    return sent ? Figures.estimated(guess.input(), 0) : Figures.NONE;
  }

  /// What a provider probably bills that gave no answer: nothing where it says that it has none.
  Figures billed(GatewayError error, boolean sent, OutputSize written) {
    return switch (error.code()) {
      case PROVIDER_ERROR, PROVIDER_RATE_LIMITED, PROVIDER_AUTHENTICATION_FAILED -> Figures.NONE;
      default -> sent ? Figures.estimated(guess.input(), guess.output(written)) : Figures.NONE;
    };
  }
}
