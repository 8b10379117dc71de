package ai.oneflow.gateway.exchange.route;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.KeyDraft;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final KeyDraft KEY = KeyDraft.of("search").models("gpt-*");
  private static final ProviderEntry PRICED = Configurations.provider("priced");
  private static final ProviderEntry OTHER = Configurations.provider("other");
  private static final ProviderEntry UNPRICED = withoutPrice(Configurations.provider("unpriced"));

  @Test
  void takesTheTargetOfTheFirstPriorityAndThenOfTheGreatestWeight() {
    assertThat(chosen(Unpriced.REFUSE, target(PRICED, 9, 1), target(OTHER, 1, 0)))
        .isEqualTo("ai/other");
    assertThat(chosen(Unpriced.REFUSE, target(PRICED, 9, 0), target(OTHER, 1, 0)))
        .isEqualTo("ai/priced");
  }

  @Test
  void passesOverATargetWithoutPrice() {
    assertThat(chosen(Unpriced.REFUSE, target(UNPRICED, 0, 0), target(PRICED, 0, 1)))
        .isEqualTo("ai/priced");
  }

  @Test
  void refusesAModelThatHasNoPriceAnywhere() {
    assertThat(refusal(Unpriced.REFUSE, target(UNPRICED, 0, 0)))
        .isEqualTo(ErrorCode.MODEL_UNPRICED);
  }

  @Test
  void servesWithoutPriceWhereThePolicyAllowsIt() {
    assertThat(chosen(Unpriced.ALLOW_UNBILLED, target(UNPRICED, 0, 0), target(PRICED, 0, 1)))
        .isEqualTo("ai/unpriced");
  }

  @Test
  void knowsNoModelThatNoPolicyNames() {
    CompiledConfiguration configuration =
        configuration(Strategy.PRIORITY, Unpriced.REFUSE, target(PRICED, 0, 0));

    assertThat(route(configuration, "gpt-4o-mini"))
        .isInstanceOfSatisfying(
            Routing.Refused.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
  }

  @Test
  void refusesAModelThatTheKeyMayNotAskFor() {
    CompiledConfiguration configuration =
        configuration(Strategy.PRIORITY, Unpriced.REFUSE, target(PRICED, 0, 0));

    assertThat(route(configuration, "claude"))
        .isInstanceOfSatisfying(
            Routing.Refused.class,
            refused -> {
              assertThat(refused.error().code()).isEqualTo(ErrorCode.MODEL_NOT_PERMITTED);
              assertThat(refused.error().param()).isEqualTo("model");
            });
  }

  @Test
  void namesTheStrategyThatWasFollowed() {
    assertThat(strategy(target(PRICED, 0, 0))).isEqualTo(Strategy.BALANCED);
    assertThat(strategy(target(PRICED, 0, 0), target(OTHER, 0, 1))).isEqualTo(Strategy.PRIORITY);
  }

  private static Strategy strategy(RouteEntry.Target... targets) {
    return route(configuration(Strategy.BALANCED, Unpriced.REFUSE, targets)).strategy();
  }

  private static String chosen(Unpriced unpriced, RouteEntry.Target... targets) {
    return route(configuration(Strategy.PRIORITY, unpriced, targets)).target().provider().label();
  }

  private static Routing.Chosen route(CompiledConfiguration configuration) {
    return (Routing.Chosen) route(configuration, "gpt-4o");
  }

  private static Routing route(CompiledConfiguration configuration, String model) {
    return Router.route(configuration, KEY.in(configuration).models(), model, 0);
  }

  private static ErrorCode refusal(Unpriced unpriced, RouteEntry.Target... targets) {
    CompiledConfiguration configuration = configuration(Strategy.PRIORITY, unpriced, targets);
    return ((Routing.Refused) route(configuration, "gpt-4o")).error().code();
  }

  private static CompiledConfiguration configuration(
      Strategy strategy, Unpriced unpriced, RouteEntry.Target... targets) {
    RouteEntry route =
        new RouteEntry(
            "ai", "route", 1, List.of("gpt-4o"), strategy, List.of(targets), unpriced, false);
    return Configurations.compile(
        Configurations.gateway(), PRICED, OTHER, UNPRICED, route, KEY.entry());
  }

  private static RouteEntry.Target target(ProviderEntry provider, int weight, int priority) {
    return Configurations.target(provider.name(), weight, priority);
  }

  private static ProviderEntry withoutPrice(ProviderEntry provider) {
    ModelEntry model = provider.models().getFirst();
    return new ProviderEntry(
        provider.namespace(),
        provider.name(),
        provider.generation(),
        provider.dialect(),
        provider.endpoint(),
        provider.credentials(),
        provider.region(),
        List.of(
            new ModelEntry(
                model.name(),
                List.of(),
                model.capabilities(),
                model.quality(),
                model.latencyPrior())),
        provider.timeouts(),
        provider.maxConcurrent(),
        provider.requests(),
        provider.tokens(),
        provider.caCertificates(),
        provider.insecureSkipVerify());
  }
}
