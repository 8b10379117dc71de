package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.keys.KeyKeeper;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.KubernetesTokenReview;
import ai.oneflow.operator.push.PushServer;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.operator.push.PushTlsSecret;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.operator.status.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole control plane, wired by hand.
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  private final Deque<AutoCloseable> parts;
  private final PushServer push;

  private ControlPlane(Deque<AutoCloseable> parts, PushServer push) {
    this.parts = parts;
    this.push = push;
  }

  /// Starts it. When this returns all caches are complete, gateways can connect, and the first
  /// snapshots are about to be built.
  ///
  /// @param client stays the caller's
  /// @throws IOException where the push port cannot be bound
  public static ControlPlane start(Settings settings, KubernetesClient client) throws IOException {
    Clock clock = Clock.systemUTC();
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    Trigger trigger = new Trigger(clock);
    Fleet fleet = new Fleet(clock, trigger);
    StatusWriter writer = opened(parts, new StatusWriter(client));
    Announcer announcer = opened(parts, new Announcer(client, clock));
    SecretChanges secretChanges = new SecretChanges(trigger);
    Watched watched =
        opened(
            parts,
            new Watched(
                client, settings.namespaces(), secretChanges, _ -> trigger.resourcesChanged()));
    World world = new World(watched);
    ApiKeyReconciler keys =
        new ApiKeyReconciler(
            world, new Changes(trigger), new KeyKeeper(client, new SecureRandom()), announcer);
    Operator operator = operator(client, settings, world, trigger);
    operator.register(keys, o -> scope(o, settings));
    parts.push(operator::stop);
    operator.start();
    secretChanges.tell(keys::secretChanged);
    StatusRound statuses = new StatusRound(fleet, writer, announcer, clock);
    PushTls tls =
        new PushTlsSecret(client, settings.ownNamespace(), clock).obtain(settings.pushNames());
    PushServer push =
        opened(
            parts,
            PushServer.start(
                settings.pushAddress(), tls, new KubernetesTokenReview(client), fleet));
    // The first to close: gateways that leave because the operator does are nothing to report.
    ConfigurationLoop loop = opened(parts, new ConfigurationLoop(world, trigger, fleet, statuses));
    loop.start();
    return new ControlPlane(parts, push);
  }

  private static Operator operator(
      KubernetesClient client, Settings settings, World world, Trigger trigger) {
    Operator operator =
        new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
    Changes changes = new Changes(trigger);
    operator.register(new LLMGatewayReconciler(world, changes), o -> scope(o, settings));
    operator.register(new LLMProviderReconciler(world, changes), o -> scope(o, settings));
    operator.register(new RoutingPolicyReconciler(world, changes), o -> scope(o, settings));
    operator.register(new QuotaPolicyReconciler(world, changes), o -> scope(o, settings));
    return operator;
  }

  private static void scope(ControllerConfigurationOverrider<?> configuration, Settings settings) {
    if (settings.namespaces().isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(settings.namespaces());
    }
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
    parts.push(part);
    return part;
  }

  /// Where gateways connect.
  public int pushPort() {
    return push.port();
  }

  /// Stops in the opposite order. Gateways go on serving by what they have.
  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("a part of the control plane does not close", e);
      }
    }
  }
}
