package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.api.v1alpha1.PodTemplate;
import ai.oneflow.snapshot.PushService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One pod of an LLMGateway. It passes the level `restricted` of Kubernetes' pod security standards
/// and has no token for the API server.
final class GatewayPod {
  static final String CALLERS = "http";
  static final String MANAGEMENT = "management";
  static final int MANAGEMENT_PORT = 8001;

  private static final long USER = 1000;
  private static final int FIRST_FREE_PORT = 1024;
  private static final String LIVE = "/livez";
  private static final String READY = "/readyz";

  /// Beyond the drain, for the ledger to take what is still in the journal.
  private static final int MARGIN_SECONDS = 15;

  private static final long TOKEN_SECONDS = 3600;

  private final LLMGateway gateway;
  private final LLMGatewaySpec spec;
  private final Ground ground;

  GatewayPod(LLMGateway gateway, Ground ground) {
    this.gateway = gateway;
    this.spec = gateway.getSpec();
    this.ground = ground;
  }

  PodTemplateSpec template() {
    PodTemplate extra = spec.podTemplate();
    Map<String, String> labels = new TreeMap<>(extra.labels());
    labels.putAll(GatewayLabels.labels(gateway));
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(extra.annotations().isEmpty() ? null : new TreeMap<>(extra.annotations()))
        .endMetadata()
        .withSpec(pod(extra))
        .build();
  }

  private PodSpec pod(PodTemplate extra) {
    return new PodSpecBuilder()
        .withServiceAccountName(GatewayLabels.nameOf(gateway))
        .withAutomountServiceAccountToken(false)
        // Else every Service of the namespace would set variables, some perhaps of our names.
        .withEnableServiceLinks(false)
        .withSecurityContext(security())
        .withTerminationGracePeriodSeconds(
            GatewayEnvironment.DRAIN_LAG_SECONDS
                + GatewayEnvironment.drainSeconds(spec)
                + MARGIN_SECONDS)
        .withNodeSelector(
            extra.nodeSelector().isEmpty() ? null : new TreeMap<>(extra.nodeSelector()))
        .withTolerations(extra.tolerations())
        .withTopologySpreadConstraints(
            spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname"))
        .withContainers(container())
        .withVolumes(
            empty(Place.STATE),
            empty(Place.TEMPORARY),
            authority(Place.AUTHORITY),
            token(),
            snapshot())
        .build();
  }

  /// A user that is not root may not listen below 1024, unless the pod's own network says so.
  private PodSecurityContext security() {
    PodSecurityContextBuilder security =
        new PodSecurityContextBuilder()
            .withRunAsNonRoot(true)
            .withRunAsUser(USER)
            .withRunAsGroup(USER)
            .withFsGroup(USER)
            .withNewSeccompProfile(null, "RuntimeDefault");
    if (spec.listener().port() < FIRST_FREE_PORT) {
      security.withSysctls(new Sysctl("net.ipv4.ip_unprivileged_port_start", "0"));
    }
    return security.build();
  }

  private static SecurityContext containerSecurity() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private TopologySpreadConstraint spread(String over) {
    return new TopologySpreadConstraintBuilder()
        .withTopologyKey(over)
        .withMaxSkew(1)
        // A pod on a crowded node is better than none.
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(GatewayLabels.selector(gateway))
        .endLabelSelector()
        .build();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName("gateway")
        .withImage(ground.image())
        .withPorts(
            new ContainerPortBuilder()
                .withName(CALLERS)
                .withContainerPort(spec.listener().port())
                .withProtocol("TCP")
                .build(),
            new ContainerPortBuilder()
                .withName(MANAGEMENT)
                .withContainerPort(MANAGEMENT_PORT)
                .withProtocol("TCP")
                .build())
        .withEnv(new GatewayEnvironment(gateway, ground).variables())
        .withResources(Sizing.of(spec.resources()))
        .withStartupProbe(probe(LIVE, 2, 60))
        .withLivenessProbe(probe(LIVE, 10, 3))
        .withReadinessProbe(probe(READY, 2, 2))
        .withSecurityContext(containerSecurity())
        .withVolumeMounts(
            mount(Place.STATE, false),
            mount(Place.TEMPORARY, false),
            mount(Place.AUTHORITY, true),
            mount(Place.TOKEN, true),
            mount(Place.SNAPSHOT, true))
        .build();
  }

  private static Probe probe(String path, int everySeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(MANAGEMENT))
        .endHttpGet()
        .withPeriodSeconds(everySeconds)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failures)
        .build();
  }

  /// The folders that a gateway knows by default.
  private enum Place {
    STATE("state", "/var/lib/oneflow"),
    TEMPORARY("tmp", "/tmp"),
    AUTHORITY("ca", "/var/run/oneflow/ca"),
    TOKEN("token", "/var/run/oneflow/token"),
    SNAPSHOT("snapshot", "/var/run/oneflow/snapshot");

    private final String volume;
    private final String path;

    Place(String volume, String path) {
      this.volume = volume;
      this.path = path;
    }
  }

  private static VolumeMount mount(Place place, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(place.volume)
        .withMountPath(place.path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static Volume empty(Place place) {
    return new VolumeBuilder().withName(place.volume).withNewEmptyDir().endEmptyDir().build();
  }

  private Volume authority(Place place) {
    return new VolumeBuilder()
        .withName(place.volume)
        .withNewConfigMap()
        .withName(GatewayLabels.nameOf(gateway))
        .endConfigMap()
        .build();
  }

  private static Volume token() {
    return new VolumeBuilder()
        .withName(Place.TOKEN.volume)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken()
        .withAudience(PushService.AUDIENCE)
        .withExpirationSeconds(TOKEN_SECONDS)
        .withPath("token")
        .endServiceAccountToken()
        .endSource()
        .endProjected()
        .build();
  }

  /// What there may be of the last good snapshot. A volume of Secrets is kept in memory.
  private Volume snapshot() {
    List<VolumeProjection> parts = new ArrayList<>();
    for (String slot : KeptIn.SLOTS) {
      for (int part : KeptIn.parts()) {
        parts.add(
            new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(KeptIn.secret(gateway, slot, part))
                .withOptional(true)
                .addNewItem(KeptIn.DATA_KEY, null, KeptIn.file(slot, part))
                .endSecret()
                .build());
      }
    }
    return new VolumeBuilder()
        .withName(Place.SNAPSHOT.volume)
        .withNewProjected()
        .withSources(parts)
        .endProjected()
        .build();
  }
}
