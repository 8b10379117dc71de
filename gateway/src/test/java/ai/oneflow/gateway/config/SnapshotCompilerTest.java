package ai.oneflow.gateway.config;

import static ai.oneflow.gateway.config.Configurations.gateway;
import static ai.oneflow.gateway.config.Configurations.provider;
import static ai.oneflow.gateway.config.Configurations.route;
import static ai.oneflow.gateway.config.Configurations.target;
import static ai.oneflow.gateway.health.BreakerState.CLOSED;
import static ai.oneflow.gateway.health.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.SnapshotCompiler.Result;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SnapshotCompilerTest {
  private static final EntryKey OPENAI = new EntryKey(Kind.LLM_PROVIDER, "ai", "openai");

  private final HealthBook health = new HealthBook();
  private final SnapshotCompiler compiler = new SnapshotCompiler(health);

  @Test
  void listsPublicModelsInOrderAndFindsTheirTargets() {
    CompiledConfiguration compiled =
        compiled(
            gateway(),
            provider("openai"),
            provider("azure"),
            route(
                "smart",
                List.of("smart", "fast"),
                target("openai", 1, 2),
                target("azure", 1, 1),
                target("openai", 5, 2)));

    assertThat(compiled.models()).containsExactly("fast", "smart");
    CompiledRoute route = Objects.requireNonNull(compiled.routes().get("smart"));
    assertThat(route.targets())
        .extracting(target -> target.provider().label())
        .containsExactly("ai/openai", "ai/azure", "ai/openai");
  }

  /// Its connections, that is. Credentials, bulkheads and breakers stay each provider's own.
  @Test
  void providersAtOnePlaceShareItWhereTheyTrustTheSame() {
    CompiledConfiguration compiled =
        compiled(
            gateway(), overTls("one", false), overTls("other", false), overTls("careless", true));

    CompiledProvider one = compiledProvider(compiled, "one");
    CompiledProvider other = compiledProvider(compiled, "other");
    assertThat(other.endpoint()).isEqualTo(one.endpoint());
    assertThat(other.bulkhead()).isNotSameAs(one.bulkhead());
    assertThat(compiledProvider(compiled, "careless").endpoint()).isNotEqualTo(one.endpoint());
  }

  private static CompiledProvider compiledProvider(CompiledConfiguration compiled, String name) {
    EntryKey key = new EntryKey(Kind.LLM_PROVIDER, "ai", name);
    return Objects.requireNonNull(compiled.providers().get(key));
  }

  private static ProviderEntry overTls(String name, boolean trustsAnybody) {
    ProviderEntry plain = provider(name, Dialect.OPENAI, "https://127.0.0.1:9/v1");
    return new ProviderEntry(
        plain.namespace(),
        plain.name(),
        plain.generation(),
        plain.dialect(),
        plain.endpoint(),
        plain.credentials(),
        plain.region(),
        plain.models(),
        plain.timeouts(),
        plain.breaker(),
        plain.maxConcurrent(),
        plain.queue(),
        plain.requests(),
        plain.tokens(),
        plain.caCertificates(),
        trustsAnybody);
  }

  @Test
  void refusesASnapshotWithoutSettings() {
    List<Refusal> refusals = refused(provider("openai"));

    assertThat(refusals).hasSize(1);
    assertThat(refusals.getFirst().entry()).isEmpty();
    assertThat(refusals.getFirst().reason()).startsWith("the snapshot holds no LLMGateway");
  }

  @Test
  void namesEveryEntryAtFaultAtOnce() {
    List<Refusal> refusals =
        refused(
            gateway(),
            provider("claude", Dialect.ANTHROPIC, "https://127.0.0.1/v1"),
            withSecret("broken key", "line\nbreak"),
            route("a", List.of("one"), target("nowhere", 1, 1)));

    assertThat(refusals)
        .extracting(refusal -> refusal.entry().orElseThrow().toString())
        .containsExactlyInAnyOrder(
            "LLMProvider ai/claude", "LLMProvider ai/broken key", "RoutingPolicy ai/a");
  }

  @Test
  void saysWhyWithoutTheSecret() {
    assertThat(refused(gateway(), withSecret("openai", "line\nbreak")).getFirst().reason())
        .isEqualTo(
            "the provider's key holds a character that cannot stand in a header, such as a line"
                + " break");
  }

  @Test
  void refusesATargetWithoutProviderOrModel() {
    assertThat(refused(gateway(), route("r", List.of("m"), target("gone", 1, 1))))
        .extracting(Refusal::reason)
        .containsExactly("LLMProvider ai/gone is not in the snapshot");
    assertThat(
            refused(
                gateway(),
                provider("openai"),
                route(
                    "r",
                    List.of("m"),
                    new ai.oneflow.snapshot.RouteEntry.Target("ai", "openai", "gpt-5", 1, 1))))
        .extracting(Refusal::reason)
        .containsExactly("LLMProvider ai/openai has no model gpt-5");
  }

  @Test
  void refusesTwoPoliciesForOneModel() {
    List<Refusal> refusals =
        refused(
            gateway(),
            provider("openai"),
            route("a", List.of("m"), target("openai", 1, 1)),
            route("b", List.of("m"), target("openai", 1, 1)));

    assertThat(refusals)
        .containsExactly(
            new Refusal(
                Optional.of(new EntryKey(Kind.ROUTING_POLICY, "ai", "b")),
                "another policy serves the model m too"));
  }

  @Test
  void keepsAProviderThatDidNotChangeAndItsConnectionsWithIt() {
    CompiledConfiguration former = compiled(gateway(), provider("openai"), provider("azure"));

    CompiledConfiguration next =
        compiled(
            Optional.of(former),
            gateway(),
            provider("openai"),
            provider("azure", Dialect.OPENAI, "http://127.0.0.1:10/v1"));

    EntryKey azure = new EntryKey(Kind.LLM_PROVIDER, "ai", "azure");
    assertThat(next.providers().get(OPENAI)).isSameAs(former.providers().get(OPENAI));
    assertThat(next.providers().get(azure)).isNotSameAs(former.providers().get(azure));
  }

  @Test
  void aChangedSecretMakesAChangedProvider() {
    CompiledConfiguration former = compiled(gateway(), withSecret("openai", "one"));

    CompiledConfiguration next =
        compiled(Optional.of(former), gateway(), withSecret("openai", "two"));

    assertThat(next.providers().get(OPENAI)).isNotSameAs(former.providers().get(OPENAI));
  }

  @Test
  void aRefusedSnapshotLeavesTheFormerInForce() {
    List<CompiledConfiguration> heard = new ArrayList<>();
    ActiveConfiguration active = new ActiveConfiguration(compiler, heard::add);
    active.offer(snapshot(gateway(), provider("openai")));
    Optional<CompiledConfiguration> before = active.current();

    SnapshotSink.Outcome outcome = active.offer(snapshot(provider("openai")));

    assertThat(outcome).isInstanceOf(SnapshotSink.Outcome.Refused.class);
    assertThat(active.current()).isEqualTo(before).isPresent();
    assertThat(heard).hasSize(1);
  }

  @Test
  void isInForceBeforeAnybodyHearsOfIt() {
    List<Optional<CompiledConfiguration>> seen = new ArrayList<>();
    ActiveConfiguration[] holder = new ActiveConfiguration[1];
    holder[0] = new ActiveConfiguration(compiler, _ -> seen.add(holder[0].current()));
    assertThat(holder[0].current()).isEmpty();

    holder[0].offer(snapshot(gateway()));

    assertThat(seen).containsExactly(holder[0].current());
  }

  @Test
  void keyPatternsStandForTheWholeName() {
    ModelPatterns patterns = new ModelPatterns(List.of("gpt-4o", "claude-*", "*.latest*"));

    assertThat(List.of("gpt-4o", "claude-", "claude-3", "x.latest", ".latest1"))
        .allMatch(patterns::permit);
    assertThat(List.of("gpt-4", "gpt-4o-mini", "my-claude-3", "xlatest", ""))
        .noneMatch(patterns::permit);
    assertThat(new ModelPatterns(List.of()).permit("anything")).isTrue();
  }

  @Test
  void theRoomOfAProviderStaysItsOwnWhileItsBoundsChange() {
    Bulkhead bulkhead = bulkhead(compiled(gateway(), withRoom(1)));
    assertThat(bulkhead.tryEnter()).isTrue();
    assertThat(bulkhead.tryEnter()).isFalse();

    assertThat(refused(withRoom(5))).isNotEmpty();
    assertThat(bulkhead.tryEnter()).as("what was refused changes nothing").isFalse();

    assertThat(bulkhead(compiled(gateway(), withRoom(2)))).isSameAs(bulkhead);
    assertThat(bulkhead.tryEnter()).isTrue();
    assertThat(bulkhead.tryEnter()).isFalse();
  }

  @Test
  void whatIsKnownOfATargetStaysWhereASnapshotIsRefused() {
    RouteEntry route = route("smart", List.of("smart"), target("openai", 1, 1));
    CompiledTarget served =
        Objects.requireNonNull(compiled(gateway(), provider("openai"), route).routes().get("smart"))
            .targets()
            .getFirst();
    for (int i = 0; i < 5; i++) {
      served.merits().health().failed(Permit.PLAIN, System.nanoTime());
    }

    RouteEntry astray = route("other", List.of("other"), target("nobody", 1, 1));
    assertThat(refused(gateway(), withFaults(9), route, astray)).isNotEmpty();

    assertThat(health.all().values()).containsExactly(served.merits().health());
    assertThat(health.pools().values()).containsExactly(served.merits().pool());
    assertThat(health.all().values()).extracting(TargetHealth::breaker).containsExactly(OPEN);
    compiled(gateway(), withFaults(9), route);
    assertThat(health.all().values()).extracting(TargetHealth::breaker).containsExactly(CLOSED);
  }

  private static ProviderEntry withFaults(int faults) {
    ProviderEntry plain = provider("openai");
    return with(
        new ProviderEntry.Breaker(faults, Duration.ofSeconds(60), 1),
        plain.maxConcurrent(),
        plain.queue());
  }

  private static Bulkhead bulkhead(CompiledConfiguration configuration) {
    return configuration.providers().values().iterator().next().bulkhead();
  }

  private static ProviderEntry withRoom(int maxConcurrent) {
    return with(provider("openai").breaker(), maxConcurrent, 3);
  }

  private static ProviderEntry with(ProviderEntry.Breaker breaker, int maxConcurrent, int queue) {
    ProviderEntry plain = provider("openai");
    return new ProviderEntry(
        plain.namespace(),
        plain.name(),
        plain.generation(),
        plain.dialect(),
        plain.endpoint(),
        plain.credentials(),
        plain.region(),
        plain.models(),
        plain.timeouts(),
        breaker,
        maxConcurrent,
        queue,
        plain.requests(),
        plain.tokens(),
        plain.caCertificates(),
        plain.insecureSkipVerify());
  }

  private static ProviderEntry withSecret(String name, String secret) {
    ProviderEntry plain = provider("openai");
    return new ProviderEntry(
        plain.namespace(),
        name,
        plain.generation(),
        plain.dialect(),
        URI.create("http://127.0.0.1:9/v1"),
        List.of(new Credential.ApiKey(new Secret(secret))),
        plain.region(),
        plain.models(),
        plain.timeouts(),
        plain.breaker(),
        plain.maxConcurrent(),
        plain.queue(),
        plain.requests(),
        plain.tokens(),
        plain.caCertificates(),
        plain.insecureSkipVerify());
  }

  private CompiledConfiguration compiled(Entry... entries) {
    return compiled(Optional.empty(), entries);
  }

  private CompiledConfiguration compiled(Optional<CompiledConfiguration> former, Entry... entries) {
    return switch (compiler.compile(snapshot(entries), former)) {
      case Result.Compiled(var configuration) -> configuration;
      case Result.Refused(var refusals) -> throw new AssertionError(refusals.toString());
    };
  }

  private List<Refusal> refused(Entry... entries) {
    return switch (compiler.compile(snapshot(entries), Optional.empty())) {
      case Result.Compiled(_) -> throw new AssertionError("was compiled");
      case Result.Refused(var refusals) -> refusals;
    };
  }

  private static GatewaySnapshot snapshot(Entry... entries) {
    return GatewaySnapshot.of(List.of(entries));
  }
}
