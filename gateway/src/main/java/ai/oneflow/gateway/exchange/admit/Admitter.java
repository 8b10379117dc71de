package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.RateLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Decides whether a request may be made: the key's models, its limits, and whether the ledger can
/// take one more event.
/// Shared by all event loops.
public final class Admitter {
  private static final Admission UNLIMITED = new Admission.Granted(Optional.empty());
  private static final Admission NO_LEDGER =
      new Admission.Denied(
          GatewayError.of(
              ErrorCode.LEDGER_UNAVAILABLE,
              "Usage cannot be recorded at present; try again later."),
          Optional.empty());

  private final ConcurrentHashMap<EntryKey, RequestLimits> byKey = new ConcurrentHashMap<>();
  private final BooleanSupplier ledgerAccepts;
  private final LongSupplier nanoTime;

  /// @param nanoTime as [System#nanoTime()]
  public Admitter(BooleanSupplier ledgerAccepts, LongSupplier nanoTime) {
    this.ledgerAccepts = ledgerAccepts;
    this.nanoTime = nanoTime;
  }

  public Admission admit(CompiledKey key, ParsedRequest request) {
    String model = request.fields().model();
    if (!key.models().permit(model)) {
      return new Admission.Denied(
          GatewayError.inField(
              ErrorCode.MODEL_NOT_PERMITTED,
              "model",
              "This API key may not use the model " + model + "."),
          Optional.empty());
    }
    if (!ledgerAccepts.getAsBoolean()) {
      return NO_LEDGER;
    }
    return key.requests().isEmpty() ? UNLIMITED : limitsOf(key).take(nanoTime.getAsLong());
  }

  private RequestLimits limitsOf(CompiledKey key) {
    RequestLimits limits = byKey.get(key.id());
    if (limits == null || !limits.limits().equals(key.requests())) {
      limits = byKey.compute(key.id(), (_, old) -> current(old, key.requests()));
    }
    return limits;
  }

  /// Changed limits begin to count anew.
  private RequestLimits current(
      @org.jspecify.annotations.Nullable RequestLimits old, List<RateLimit> limits) {
    return old != null && old.limits().equals(limits)
        ? old
        : new RequestLimits(limits, nanoTime.getAsLong());
  }

  /// Forgets the counts of keys that are no more.
  public void keepOnly(Set<EntryKey> keys) {
    byKey.keySet().retainAll(keys);
  }
}
