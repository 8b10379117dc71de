package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.NewLimits;
import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import ai.oneflow.gateway.quota.redis.Checkpoint;
import ai.oneflow.gateway.quota.redis.History;
import ai.oneflow.gateway.quota.redis.Orphans;
import ai.oneflow.gateway.quota.redis.Past;
import ai.oneflow.gateway.quota.redis.RedisLedger;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The ledger behind counters that a fleet shares.
public final class Backing {
  private final LedgerHistory history;
  private final Supplier<CompiledConfiguration> configuration;
  private final UnderWay underWay;
  private final Gate gate;
  private final DeadGateways dead;

  /// What it is made of.
  ///
  /// @param configuration the one in force
  /// @param underWay how far this gateway's requests have come
  public record Parts(
      JournaledLedger ledger,
      LedgerHistory history,
      LateCharges charges,
      Supplier<CompiledConfiguration> configuration,
      UnderWay underWay) {}

  public Backing(Parts parts) {
    history = parts.history();
    configuration = parts.configuration();
    underWay = parts.underWay();
    gate = new Gate(parts.ledger(), parts.underWay());
    dead =
        new DeadGateways(
            parts.ledger(), parts.charges(), () -> parts.configuration().get().limits());
  }

  public RedisLedger toRedisLedger() {
    return new RedisLedger(gate, this::visit, new Before(), this::checkpoints, dead);
  }

  /// Others count from now on.
  public void close() {
    gate.close();
  }

  /// What an event counts for that was recorded in the place of a request that died.
  public List<Orphans.Used> usedBy(UsageEvent event) {
    return dead.of(event);
  }

  private void visit(History.Visitor visitor) {
    try {
      history.visit(configuration.get(), visitor::used);
    } catch (SQLException e) {
      throw new IllegalStateException("the ledger cannot be read", e);
    }
  }

  private final class Before implements Past {
    @Override
    public Map<String, String> limits() {
      return configuration.get().limits().lasting();
    }

    @Override
    public void visit(Set<String> marks, Visitor visitor) {
      try {
        history.visitByGateway(configuration.get().limits(), NewLimits.of(marks), visitor::used);
      } catch (SQLException e) {
        throw new IllegalStateException("the ledger cannot be read", e);
      }
    }
  }

  private List<Checkpoint> checkpoints() {
    return underWay.requests().values().stream()
        .map(
            progress ->
                new Checkpoint(
                    progress.opening().id().toString(),
                    progress.hold(),
                    new ProgressJson(progress.opening(), progress.outputTokens()).encode()))
        .toList();
  }
}
