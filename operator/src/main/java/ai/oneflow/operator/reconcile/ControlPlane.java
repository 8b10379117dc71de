package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.apply.Workloads;
import ai.oneflow.operator.keep.SnapshotKeeper;
import ai.oneflow.operator.keep.SnapshotSecrets;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.KubernetesTokenReview;
import ai.oneflow.operator.push.PushServer;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.operator.push.PushTlsRenewal;
import ai.oneflow.operator.push.PushTlsSecret;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.operator.status.BreakerPace;
import ai.oneflow.operator.status.Spends;
import ai.oneflow.operator.status.StatusFigures;
import ai.oneflow.operator.status.StatusWriter;
import ai.oneflow.operator.workload.Ground;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole control plane, wired by hand.
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final Deque<AutoCloseable> parts;
  private final PushServer push;
  private final StatusWriter statuses;

  private ControlPlane(Deque<AutoCloseable> parts, PushServer push, StatusWriter statuses) {
    this.parts = parts;
    this.push = push;
    this.statuses = statuses;
  }

  /// A client that reads resources as [#start] needs them read.
  public static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(ResourceReader.serialization())
        .build();
  }

  /// Starts it. When this returns all caches are complete, gateways can connect, and the first
  /// snapshots are about to be built.
  ///
  /// @param client of [#client]; stays the caller's
  /// @throws IOException where the push port cannot be bound
  public static ControlPlane start(Settings settings, KubernetesClient client) throws IOException {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      StatusWriter writer = opened(parts, new StatusWriter(client, settings.statusWrites()));
      return new ControlPlane(parts, start(settings, client, parts, writer), writer);
    } catch (IOException | RuntimeException e) {
      // What was started would keep the process from ending.
      close(parts);
      throw e;
    }
  }

  private static PushServer start(
      Settings settings, KubernetesClient client, Deque<AutoCloseable> parts, StatusWriter writer)
      throws IOException {
    Clock clock = Clock.systemUTC();
    Trigger trigger = new Trigger(clock);
    Spends spends = opened(parts, new Spends(Spends.SHOWN_EVERY, trigger::fleetChanged));
    BreakerPace breakers = opened(parts, new BreakerPace(trigger::fleetChanged));
    Fleet fleet = new Fleet(clock, new Hearing(trigger, spends, breakers));
    Announcer announcer = opened(parts, new Announcer(client, clock));
    SecretChanges secretChanges = new SecretChanges(trigger);
    Watched watched =
        opened(
            parts,
            new Watched(
                client, settings.namespaces(), secretChanges, _ -> trigger.resourcesChanged()));
    World world = new World(watched, secretChanges);
    Changes changes = new Changes(trigger, writer::isOverwritten);
    ApiKeyReconciler keys =
        new ApiKeyReconciler(world, changes, ApiKeyReconciler.Keeping.of(client, clock), announcer);
    Operator operator = operator(client, settings, world, changes);
    operator.register(keys, o -> scope(o, settings, keys::concerns));
    secretChanges.tell(keys::secretChanged);
    parts.push(operator::stop);
    operator.start();
    PushServer push = opened(parts, push(settings, client, fleet, parts));
    Workloads.Sight sight = new Workloads.Sight(client, settings.namespaces(), announcer);
    Workloads workloads = new Workloads(sight, ground(settings, push), trigger::fleetChanged);
    SnapshotKeeper keeper = new SnapshotKeeper(new SnapshotSecrets(client, clock), announcer);
    Sources sources = new Sources(fleet, opened(parts, workloads), opened(parts, keeper));
    StatusRound.Voices voices = new StatusRound.Voices(writer, announcer, breakers);
    StatusRound statuses = new StatusRound(sources, spends, voices, clock);
    // The first to close: gateways that leave because the operator does are nothing to report.
    opened(parts, new ConfigurationLoop(world, trigger, sources, statuses)).start();
    return push;
  }

  private static Ground ground(Settings settings, PushServer push) {
    return new Ground(
        settings.pods().image(),
        settings.pods().pushAddress(),
        settings.ownNamespace(),
        push.authority(),
        settings.runbooks());
  }

  private static PushServer push(
      Settings settings, KubernetesClient client, Fleet fleet, Deque<AutoCloseable> parts)
      throws IOException {
    PushTlsSecret secret = new PushTlsSecret(client, settings.ownNamespace(), Clock.systemUTC());
    PushTls tls = secret.obtain(settings.pushNames());
    PushServer push =
        PushServer.start(settings.pushAddress(), tls, new KubernetesTokenReview(client), fleet);
    AtomicReference<PushTls> shown = new AtomicReference<>(tls);
    Runnable renewal =
        () -> {
          shown.set(secret.keep(shown.get(), settings.pushNames()));
          push.use(shown.get());
        };
    opened(parts, new PushTlsRenewal(renewal)).start();
    return push;
  }

  private static Operator operator(
      KubernetesClient client, Settings settings, World world, Changes changes) {
    Operator operator =
        new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
    operator.register(
        new LLMGatewayReconciler(world, changes), o -> scope(o, settings, changes::concern));
    operator.register(
        new LLMProviderReconciler(world, changes), o -> scope(o, settings, changes::concern));
    operator.register(
        new RoutingPolicyReconciler(world, changes), o -> scope(o, settings, changes::concern));
    operator.register(
        new QuotaPolicyReconciler(world, changes), o -> scope(o, settings, changes::concern));
    return operator;
  }

  /// @param concerns whether an update of a resource is any of our business
  private static <R extends CustomResource<?, ?>> void scope(
      ControllerConfigurationOverrider<R> configuration,
      Settings settings,
      OnUpdateFilter<R> concerns) {
    if (settings.namespaces().isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(settings.namespaces());
    }
    configuration.withRetry(retry()).withOnUpdateFilter(concerns);
  }

  /// For ever: a key that could not be minted, for want of an API server or of a quota, is wanted
  /// all the same, and nothing else would bring it up again.
  static GenericRetry retry() {
    return new GenericRetry()
        .withoutMaxAttempts()
        .setInitialInterval(FIRST_RETRY)
        .setMaxInterval(LAST_RETRY.toMillis());
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
    parts.push(part);
    return part;
  }

  /// Where gateways connect.
  public int pushPort() {
    return push.port();
  }

  /// How the writing of statuses goes.
  public StatusFigures statusFigures() {
    return statuses.figures();
  }

  /// Stops in the opposite order. Gateways go on serving by what they have.
  @Override
  public void close() {
    close(parts);
  }

  private static void close(Deque<AutoCloseable> parts) {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("a part of the control plane does not close", e);
      }
    }
  }
}
