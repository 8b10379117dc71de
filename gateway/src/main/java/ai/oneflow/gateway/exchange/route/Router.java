package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.Hash;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.route.Explanation.Decision;
import ai.oneflow.gateway.exchange.route.Explanation.Rejected;
import ai.oneflow.snapshot.RouteEntry.Selection;
import ai.oneflow.snapshot.RouteEntry.Sticky;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Chooses the targets of a request: those of its policy that can serve it, in the order of the
/// policy's strategy. One for each event loop; not thread-safe.
public final class Router {
  /// The request headers by which a caller chooses for itself.
  private static final AsciiString PROVIDER = AsciiString.cached("oneflow-provider");

  private static final AsciiString STRATEGY = AsciiString.cached("oneflow-strategy");

  private final SplittableRandom random = new SplittableRandom();
  private final Candidates candidates = new Candidates();

  public Routing route(CompiledConfiguration configuration, Asked asked) {
    return switch (look(configuration, asked)) {
      case Look.Refused(var error) -> new Routing.Refused(error);
      case Look.Candidates at ->
          candidates.isEmpty()
              ? new Routing.Refused(at.error())
              : new Routing.Chosen(at.route, ranked(), at.strategy);
    };
  }

  /// The same decision with all that led to it.
  public Explanation explain(CompiledConfiguration configuration, Asked asked) {
    return switch (look(configuration, asked)) {
      case Look.Refused(var error) ->
          new Explanation(new Decision.Refused(error), List.of(), List.of());
      case Look.Candidates at -> {
        List<Rejected> rejected = NoTarget.rejected(at.route, at.demand, at.nowNanos);
        yield candidates.isEmpty()
            ? new Explanation(new Decision.Refused(at.error()), List.of(), rejected)
            : new Explanation(
                new Decision.Served(at.strategy, most(at.route) - 1),
                candidates.scored(at.demand, at.nowNanos),
                rejected);
      }
    };
  }

  /// What became of the search for targets.
  private sealed interface Look {

    /// What was found is in [#candidates].
    record Candidates(CompiledRoute route, Demand demand, Strategy strategy, long nowNanos)
        implements Look {
      GatewayError error() {
        return NoTarget.error(route, demand, nowNanos);
      }
    }

    record Refused(GatewayError error) implements Look {}
  }

  private Look look(CompiledConfiguration configuration, Asked asked) {
    String model = asked.model();
    if (!asked.key().models().permit(model)) {
      return new Look.Refused(
          GatewayError.inField(
              ErrorCode.MODEL_NOT_PERMITTED,
              "model",
              "This API key may not use the model " + model + "."));
    }
    Optional<CompiledRoute> route = configuration.route(asked.key(), model);
    return route.isPresent() ? look(route.get(), asked) : new Look.Refused(unknown(model));
  }

  private Look look(CompiledRoute route, Asked asked) {
    return switch (pinning(route.selection(), asked)) {
      case Pinning.Refused(var error) -> new Look.Refused(error);
      case Pinning.Read(var pin) -> look(route, Demand.of(asked, pin));
    };
  }

  private Look look(CompiledRoute route, Demand demand) {
    long now = System.nanoTime();
    candidates.clear();
    for (CompiledTarget target : route.targets()) {
      if (Filter.reject(route, target, demand, now) == null) {
        candidates.add(target, demand, now);
      }
    }
    Strategy strategy = demand.pinned().strategy().orElse(route.selection().strategy());
    if (!candidates.isEmpty()) {
      score(route.selection(), strategy, demand, now);
    }
    return new Look.Candidates(route, demand, strategy, now);
  }

  /// How many targets are called at most.
  private int most(CompiledRoute route) {
    return Math.min(1 + route.selection().fallbacks(), candidates.count());
  }

  /// Who chooses a strategy for a request is not kept with a target by it.
  private void score(Selection selection, Strategy strategy, Demand demand, long nowNanos) {
    Optional<Sticky> sticky =
        demand.pinned().strategy().isPresent() ? Optional.empty() : selection.sticky();
    long keptBy = sticky.isPresent() ? keptBy(sticky.get(), demand.asked()) : random.nextLong();
    candidates.score(strategy, selection.weights(), keptBy, sticky.isPresent(), nowNanos);
  }

  /// A caller without the header is kept by its key.
  private static long keptBy(Sticky sticky, Asked asked) {
    CompiledKey key = asked.key();
    return switch (sticky.by()) {
      case KEY -> Hash.of(key.id().toString());
      case USER -> Hash.of(key.caller().user());
      case HEADER -> {
        String session = asked.headers().get(sticky.header());
        yield Hash.of(session == null ? key.id().toString() : session);
      }
    };
  }

  /// All of them: which can be called at the moment is not known before it is tried.
  private List<CompiledTarget> ranked() {
    int count = candidates.count();
    candidates.order();
    if (count == 1) {
      return List.of(candidates.target(0));
    }
    CompiledTarget[] targets = new CompiledTarget[count];
    for (int rank = 0; rank < count; rank++) {
      targets[rank] = candidates.target(rank);
    }
    return Collections.unmodifiableList(Arrays.asList(targets));
  }

  /// What becomes of the headers by which a caller chooses.
  private sealed interface Pinning {
    record Read(Pin pin) implements Pinning {}

    record Refused(GatewayError error) implements Pinning {}
  }

  private static final Pinning FREE = new Pinning.Read(Pin.NONE);

  private static Pinning pinning(Selection selection, Asked asked) {
    String provider = asked.headers().get(PROVIDER);
    String strategy = asked.headers().get(STRATEGY);
    if (provider == null && strategy == null) {
      return FREE;
    }
    if (!selection.overridable()) {
      return new Pinning.Refused(
          GatewayError.of(
              ErrorCode.OVERRIDE_NOT_PERMITTED,
              "The policy of the model "
                  + asked.model()
                  + " lets no caller choose by the headers oneflow-provider and"
                  + " oneflow-strategy."));
    }
    Optional<Strategy> chosen = Pin.strategy(strategy);
    if (strategy != null && chosen.isEmpty()) {
      return new Pinning.Refused(
          GatewayError.of(
              ErrorCode.INVALID_VALUE, "oneflow-strategy names no strategy: " + strategy + "."));
    }
    return new Pinning.Read(new Pin(provider == null ? "" : provider, chosen));
  }

  /// That nobody serves a model of this name, in OpenAI's words.
  public static GatewayError unknown(String model) {
    return GatewayError.inField(
        ErrorCode.MODEL_NOT_FOUND,
        "model",
        "The model `" + model + "` does not exist or you do not have access to it.");
  }
}
