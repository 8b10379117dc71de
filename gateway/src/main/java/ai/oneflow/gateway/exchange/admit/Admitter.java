package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Credits;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Decides whether a request may be made: whether the ledger can take one more event, and whether
/// all limits have room for the most that it may use.
/// Shared by all event loops.
public final class Admitter {
  private static final Admission NO_LEDGER =
      new Admission.Denied(
          GatewayError.of(
              ErrorCode.LEDGER_UNAVAILABLE,
              "Usage cannot be recorded at present; try again later."),
          Optional.empty(),
          "");

  private final BooleanSupplier ledgerAccepts;
  private final Quotas quotas;
  private final Credits credits;
  private final TokenCounter tokens;

  public Admitter(
      BooleanSupplier ledgerAccepts, Quotas quotas, Credits credits, TokenCounter tokens) {
    this.ledgerAccepts = ledgerAccepts;
    this.quotas = quotas;
    this.credits = credits;
    this.tokens = tokens;
  }

  /// Who asks for what, and where it would go.
  ///
  /// @param startMillis when the request began, which decides the price
  /// @param degraded it was sent to a cheaper model already, so that budgets which do that merely
  ///     count
  public record Request(
      CompiledKey key,
      ParsedRequest parsed,
      CompiledTarget target,
      long startMillis,
      boolean degraded) {}

  /// Takes what the request may use.
  ///
  /// @param loop where `then` runs if the answer is not known at once
  /// @param then called once; before this returns where the counters are at hand
  public void admit(Request request, Executor loop, Consumer<Admission> then) {
    if (!ledgerAccepts.getAsBoolean()) {
      then.accept(NO_LEDGER);
      return;
    }
    Optional<Limit> unknown = unknownCredits(request.key());
    if (unknown.isPresent()) {
      then.accept(unreachable(unknown.get()));
      return;
    }
    Ask ask = UpperBound.of(request).ask(limits(request));
    quotas.take(
        ask,
        loop,
        taking -> {
          Optional<PromptCount> prompt = toCount(request, taking);
          if (prompt.isEmpty()) {
            then.accept(admission(ask, taking));
          } else {
            prompt.get().count(tokens, loop, bound -> take(bound.ask(ask.limits()), loop, then));
          }
        });
  }

  /// Whether what is held for one target is enough for another one: its limits are the same, and it
  /// costs no more.
  public boolean isCovered(Request request, Hold hold) {
    Ask held = hold.ask();
    UpperBound needed = UpperBound.of(request);
    return needed.tokens() <= held.tokens()
        && needed.picoDollars() <= held.picoDollars()
        && held.limits().equals(limits(request));
  }

  private void take(Ask ask, Executor loop, Consumer<Admission> then) {
    quotas.take(ask, loop, taking -> then.accept(admission(ask, taking)));
  }

  private static Optional<PromptCount> toCount(Request request, Taking taking) {
    return taking instanceof Taking.Refused refused
        ? PromptCount.after(refused, request)
        : Optional.empty();
  }

  private List<Limit> limits(Request request) {
    CompiledKey key = request.key();
    List<Limit> limits = withPrepaid(key, key.limits().of(request.target()));
    return request.degraded() ? limits.stream().map(Admitter::counting).toList() : limits;
  }

  /// What the key spends, if nobody knows yet how much was topped up.
  private Optional<Limit> unknownCredits(CompiledKey key) {
    return key.prepaid().filter(_ -> credits.toppedUp(key.id()).isEmpty());
  }

  private static Admission unreachable(Limit limit) {
    return new Admission.Denied(Refusals.unreachable(limit), Optional.empty(), limit.counter());
  }

  /// These limits, and with them what was topped up where the key spends that: without an end where
  /// nobody knows how much that is.
  public List<Limit> withPrepaid(CompiledKey key, List<Limit> limits) {
    if (key.prepaid().isEmpty()) {
      return limits;
    }
    List<Limit> all = new ArrayList<>(limits);
    all.add(key.prepaid().get().of(credits.toppedUp(key.id()).orElse(Long.MAX_VALUE)));
    return all;
  }

  private static Limit counting(Limit limit) {
    return limit.binding() == Binding.DEGRADE ? limit.bound(Binding.COUNT) : limit;
  }

  private static Admission admission(Ask ask, Taking taking) {
    return switch (taking) {
      case Taking.Taken(var hold, var standings, var shadowed) ->
          new Admission.Granted(hold, tightest(standings), shadowed);
      case Taking.Refused refused -> {
        Limit limit = refused.standing().limit();
        Admission.Denied denied =
            new Admission.Denied(
                Refusals.of(ask, refused), tightest(List.of(refused.standing())), limit.counter());
        yield limit.binding() == Binding.DEGRADE
            ? new Admission.Degraded(limit.degradeTo(), denied)
            : denied;
      }
      case Taking.Unreachable(var limit) -> unreachable(limit);
    };
  }

  /// Of the limits on requests the one with the least left, for that is what clients know the
  /// headers to speak of.
  private static Optional<Standing> tightest(List<Standing> standings) {
    Standing tightest = null;
    for (Standing standing : standings) {
      Limit limit = standing.limit();
      if (limit.unit() == Unit.REQUESTS
          && limit.binding().binds()
          && (tightest == null || standing.left() < tightest.left())) {
        tightest = standing;
      }
    }
    return Optional.ofNullable(tightest);
  }
}
