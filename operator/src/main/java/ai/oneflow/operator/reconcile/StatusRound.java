package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ApiKeyStatus;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewayStatus;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.LLMProviderStatus;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicyStatus;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicyStatus;
import ai.oneflow.operator.apply.Workloads;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.operator.status.BreakerPace;
import ai.oneflow.operator.status.BreakerWords;
import ai.oneflow.operator.status.BudgetWords;
import ai.oneflow.operator.status.Pods;
import ai.oneflow.operator.status.Report;
import ai.oneflow.operator.status.Reporter;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.operator.status.Spends;
import ai.oneflow.operator.status.Standings;
import ai.oneflow.operator.status.StatusWriter;
import ai.oneflow.operator.status.Statuses;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Goes round all resources and says of each what the pods run. Confined to the loop's thread.
final class StatusRound {
  /// How long gateways may take to come back after the operator did. Until then their absence is
  /// the operator's, and what was programmed stays so in status.
  static final Duration RETURN_WITHIN = Duration.ofSeconds(10);

  private final Fleet fleet;
  private final Workloads workloads;
  private final Spends spends;
  private final StatusWriter writer;
  private final Announcer announcer;
  private final BreakerPace breakers;
  private final Clock clock;
  private Instant returning = Instant.MIN;

  StatusRound(Sources sources, Spends spends, Voices voices, Clock clock) {
    this.fleet = sources.fleet();
    this.workloads = sources.workloads();
    this.spends = spends;
    this.writer = voices.writer;
    this.announcer = voices.announcer;
    this.breakers = voices.breakers;
    this.clock = clock;
  }

  /// How people are told, and how often of breakers.
  record Voices(StatusWriter writer, Announcer announcer, BreakerPace breakers) {}

  /// The operator is back and its gateways are not yet. Called before the loop's thread starts.
  void beginReturning() {
    returning = clock.instant().plus(RETURN_WITHIN);
  }

  void report(Resources resources, Resolution resolution, Map<GatewayId, GatewayRun> runs) {
    Round round = new Round(resources, resolution, runs);
    resources.gateways().forEach(round::gateway);
    shuffled(resources.providers()).forEach(round::provider);
    resources.policies().forEach(round::policy);
    resources.keys().forEach(round::key);
    resources.quotas().forEach(round::quota);
    writer.retain(round.uids);
    announcer.retain(round.uids);
    spends.retain(resolution.judgements().keySet(), runs.keySet());
  }

  /// Where not all can be written in a round, none is always the last.
  private static List<LLMProvider> shuffled(List<LLMProvider> providers) {
    List<LLMProvider> shuffled = new ArrayList<>(providers);
    Collections.shuffle(shuffled);
    return shuffled;
  }

  /// Tells what gateways warn of, each of the resources that it serves.
  void warn(Resources resources, Resolution resolution, List<Trigger.Warned> warnings) {
    for (Trigger.Warned warned : warnings) {
      EntryKey subject = warned.warning().subject();
      if (resolution.serves(warned.gateway().entryKey(), subject)) {
        Stream.concat(resources.keys().stream(), resources.quotas().stream())
            .filter(resource -> isNamed(resource, subject))
            .forEach(
                resource ->
                    announcer.warnOnce(
                        resource,
                        BudgetWords.id(warned.gateway(), warned.warning()),
                        BudgetWords.of(warned.gateway(), warned.warning())));
      }
    }
  }

  private static boolean isNamed(HasMetadata resource, EntryKey key) {
    return resource.getKind().equals(key.kind().resourceKind())
        && resource.getMetadata().getName().equals(key.name())
        && resource.getMetadata().getNamespace().equals(key.namespace());
  }

  /// One way round, with everything as it is at one moment.
  private final class Round {
    private final Resolution resolution;
    private final Map<GatewayId, GatewayRun> runs;
    private final Map<GatewayId, List<Instance>> instances = new HashMap<>();
    private final Map<EntryKey, Serving> serving = new HashMap<>();
    private final Map<String, Secret> secrets = new HashMap<>();
    private final Set<String> uids = new HashSet<>();
    private final Instant now = clock.instant();

    Round(Resources resources, Resolution resolution, Map<GatewayId, GatewayRun> runs) {
      this.resolution = resolution;
      this.runs = runs;
      runs.forEach(
          (id, run) -> {
            instances.put(id, fleet.instances(id));
            run.serving(instances.getOrDefault(id, List.of()))
                .ifPresent(s -> serving.put(id.entryKey(), s));
          });
      resources
          .secrets()
          .forEach(
              s -> secrets.put(id(s.getMetadata().getNamespace(), s.getMetadata().getName()), s));
    }

    private static String id(String namespace, String name) {
      return namespace + "/" + name;
    }

    void gateway(LLMGateway gateway) {
      GatewayId id = ConfigurationLoop.idOf(gateway);
      Pods pods = pods(id, gateway);
      Report report = report(Kind.LLM_GATEWAY, gateway, r -> Reporter.withPods(r, pods));
      GatewayRun run = runs.get(id);
      if (run == null) {
        return;
      }
      LLMGatewayStatus before = writer.said(gateway, LLMGatewayStatus.class);
      LLMGateway blank = new LLMGateway();
      blank.setStatus(
          new Statuses(report, now)
              .gateway(
                  before,
                  run.converge(instances.getOrDefault(id, List.of()), pods.desired(), now)));
      say(gateway, blank, report, before == null ? List.of() : before.conditions());
    }

    private Pods pods(GatewayId id, LLMGateway gateway) {
      return Pods.of(gateway, workloads.standing(id), instances.getOrDefault(id, List.of()).size());
    }

    void provider(LLMProvider provider) {
      Report report = report(Kind.LLM_PROVIDER, provider);
      Optional<ProviderEntry> entry =
          Optional.ofNullable(resolution.judgements().get(report.key()))
              .flatMap(Judgement::entry)
              .map(ProviderEntry.class::cast);
      LLMProviderStatus before = writer.said(provider, LLMProviderStatus.class);
      Standings said = Standings.saidBy(before);
      Standings known = entry.map(e -> standings(e, said)).orElse(said);
      Statuses statuses = new Statuses(report, now);
      LLMProviderStatus rest = statuses.provider(before, entry, said);
      LLMProviderStatus whole = statuses.provider(before, entry, known);
      boolean onlyBreakers = rest.equals(before) && !whole.equals(rest);
      boolean shown = !onlyBreakers || breakers.mayWrite(said.anyOpen() || known.anyOpen());
      LLMProvider blank = new LLMProvider();
      blank.setStatus(shown ? whole : rest);
      say(provider, blank, report, before == null ? List.of() : before.conditions());
      List<String> opened = known.openedSince(said);
      if (shown && !opened.isEmpty()) {
        Announcer.Words words = BreakerWords.of(opened, now);
        announcer.warn(provider, words.reason(), words.message());
      }
    }

    /// What was said before holds while gateways come back to an operator that came back.
    private Standings standings(ProviderEntry provider, Standings said) {
      return now.isBefore(returning) && !said.isEmpty()
          ? said
          : Standings.of(provider, serving(provider.key()));
    }

    void policy(RoutingPolicy policy) {
      Report report = report(Kind.ROUTING_POLICY, policy);
      RoutingPolicyStatus before = writer.said(policy, RoutingPolicyStatus.class);
      RoutingPolicy blank = new RoutingPolicy();
      blank.setStatus(new Statuses(report, now).policy(before));
      say(policy, blank, report, before == null ? List.of() : before.conditions());
    }

    void key(ApiKey key) {
      Report report = report(Kind.API_KEY, key);
      String secret = id(key.getMetadata().getNamespace(), KeySecret.nameFor(key));
      ApiKeyStatus before = writer.said(key, ApiKeyStatus.class);
      ApiKey blank = new ApiKey();
      blank.setStatus(
          new Statuses(report, now)
              .key(
                  key,
                  before,
                  Optional.ofNullable(secrets.get(secret)),
                  spends.told(report.key(), gatewaysOf(report.key()))));
      say(key, blank, report, before == null ? List.of() : before.conditions());
    }

    private List<GatewayId> gatewaysOf(EntryKey key) {
      return runs.keySet().stream().filter(id -> resolution.serves(id.entryKey(), key)).toList();
    }

    void quota(QuotaPolicy quota) {
      Report report = report(Kind.QUOTA_POLICY, quota);
      QuotaPolicyStatus before = writer.said(quota, QuotaPolicyStatus.class);
      QuotaPolicy blank = new QuotaPolicy();
      blank.setStatus(new Statuses(report, now).quota(before));
      say(quota, blank, report, before == null ? List.of() : before.conditions());
    }

    private <T> void say(
        CustomResource<?, T> resource,
        CustomResource<?, T> blank,
        Report report,
        List<Condition> before) {
      announcer.warn(resource, report, before);
      if (!now.isBefore(returning) || !report.onlyLacksGatewaysThatWereThere(before)) {
        writer.write(resource, blank, report.urgency(before));
      }
    }

    private Report report(Kind kind, HasMetadata resource) {
      return report(kind, resource, UnaryOperator.identity());
    }

    private Report report(Kind kind, HasMetadata resource, UnaryOperator<Report> completion) {
      EntryKey key =
          new EntryKey(
              kind, resource.getMetadata().getNamespace(), resource.getMetadata().getName());
      uids.add(resource.getMetadata().getUid());
      Judgement judgement = resolution.judgements().get(key);
      if (judgement == null) {
        throw new IllegalStateException("no judgement on " + key);
      }
      return completion.apply(Reporter.report(judgement, serving(key)));
    }

    private List<Serving> serving(EntryKey key) {
      return serving.entrySet().stream()
          .filter(s -> resolution.serves(s.getKey(), key))
          .map(Map.Entry::getValue)
          .toList();
    }
  }
}
