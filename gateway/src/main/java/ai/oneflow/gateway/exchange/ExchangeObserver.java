package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.replay.Repetition;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.quota.Limit;

/// Hears of every request, for metrics. Called on event loops; must neither block nor throw.
public interface ExchangeObserver {

  /// A request was accepted; [#finished] follows once.
  void started();

  /// A request is over, however it ended.
  ///
  /// @param surface its label; `other` where the path is no surface's
  /// @param status what the caller was answered; 0 where the caller had gone
  void finished(String surface, int status, long durationNanos);

  /// A request was answered with an error of the gateway's.
  void refused(ErrorCode code);

  /// A request that its caller gave a name was looked up.
  void repeated(Repetition.Result result);

  /// A limit in shadow would have refused a request that goes on.
  void shadowed(Limit limit);

  /// An attempt has failed by its provider's fault, whether or not there is another one.
  void faulted(Destination destination, ErrorCode code);

  /// A request that a provider was called with has been charged.
  void metered(Destination destination, Ending ending, Figures figures, Charge charge);

  /// The first piece of a provider's answer has arrived.
  void firstByte(Destination destination, long sinceStartNanos);
}
