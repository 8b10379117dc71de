package ai.oneflow.gateway.config.push;

import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.PushService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What the operator is told beside the answers to its pushes, in rounds.
public record Reports(SpendReports spending, BreakerReports breakers) {

  void connected() {
    spending.connected();
    breakers.connected();
  }

  /// What to say in this round, to an operator that takes these messages. It counts as told.
  List<FromGateway> take(Predicate<String> takes) {
    List<FromGateway> messages = new ArrayList<>(spending.take());
    if (takes.test(PushService.BREAKERS)) {
      breakers.take().ifPresent(messages::add);
    }
    return messages;
  }
}
