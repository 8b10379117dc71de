package ai.oneflow.gateway.config.push;

import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.PushService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What the operator is told beside the answers to its pushes, in rounds.
public record Reports(
    SpendReports spending,
    UseReports uses,
    BreakerReports breakers,
    CredentialReports credentials) {

  /// @param health what is known of providers
  public static Reports of(SpendReports spending, UseReports uses, HealthBook health) {
    return new Reports(spending, uses, new BreakerReports(health), new CredentialReports(health));
  }

  void connected() {
    spending.connected();
    uses.connected();
    breakers.connected();
    credentials.connected();
  }

  /// What to say in this round, to an operator that takes these messages. It counts as told.
  List<FromGateway> take(Predicate<String> takes) {
    List<FromGateway> messages = new ArrayList<>(spending.take());
    if (takes.test(PushService.BREAKERS)) {
      breakers.take().ifPresent(messages::add);
    }
    if (takes.test(PushService.REFUSED_CREDENTIALS)) {
      credentials.take().ifPresent(messages::add);
    }
    if (takes.test(PushService.KEY_USES)) {
      uses.take().ifPresent(messages::add);
    }
    return messages;
  }
}
