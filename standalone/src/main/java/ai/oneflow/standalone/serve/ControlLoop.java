package ai.oneflow.standalone.serve;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.status.Reporter;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.SnapshotVersion;
import ai.oneflow.standalone.manifest.Inventory;
import ai.oneflow.standalone.manifest.Register;
import ai.oneflow.standalone.secret.KeyRing;
import ai.oneflow.standalone.secret.SecretFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The control plane of one machine: look, mint, resolve, build, offer, tell. Confined to one
/// thread.
final class ControlLoop {
  private final Register register;
  private final SecretFolder secrets;
  private final KeyRing ring;
  private final Runner runner;
  private final Notices notices;
  private Map<String, ApiKey> keys = Map.of();

  ControlLoop(Register register, Keys keys, Runner runner, Notices notices) {
    this.register = register;
    this.secrets = keys.folder();
    this.ring = keys.ring();
    this.runner = runner;
    this.notices = notices;
  }

  /// Where keys are and who makes them.
  record Keys(SecretFolder folder, KeyRing ring) {}

  /// Brings the gateway to what the folders say now.
  void turn() {
    Inventory inventory = register.look();
    Contents contents = Contents.of(inventory);
    try {
      keepKeys(contents);
      serve(inventory, contents.resources(secrets));
    } catch (IOException | UncheckedIOException e) {
      notices.wrong(List.of("secrets: " + e.getMessage() + "; what was in force stays"));
    }
  }

  /// A key ends with its ApiKey, before another may take its Secret's name.
  private void keepKeys(Contents contents) throws IOException {
    Map<String, ApiKey> now = new LinkedHashMap<>();
    contents.list(ApiKey.class).forEach(key -> now.put(key.getMetadata().getUid(), key));
    for (ApiKey former : keys.values()) {
      if (!now.containsKey(former.getMetadata().getUid())) {
        ring.forget(former);
      }
    }
    keys = now;
    ring.keep(now.values(), contents.secrets(secrets));
  }

  private void serve(Inventory inventory, Resources resources) {
    Optional<SnapshotVersion> before = runner.runs().map(GatewaySnapshot::version);
    Resolution resolution = Resolution.of(resources);
    List<Serving> serving = new ArrayList<>();
    for (LLMGateway gateway : resources.gateways()) {
      GatewayId id =
          new GatewayId(gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
      serving.add(
          serving.isEmpty()
              ? runner.run(id, resolution)
              : new Serving(
                  SnapshotBuilder.build(id, resolution, Quarantine.EMPTY), List.of(), Map.of()));
    }
    if (serving.isEmpty()) {
      runner.stop();
    }
    tell(inventory, resolution, serving);
    tellVersion(before);
  }

  private void tellVersion(Optional<SnapshotVersion> before) {
    Optional<SnapshotVersion> now = runner.runs().map(GatewaySnapshot::version);
    if (now.isPresent() && !now.equals(before)) {
      notices.happened(
          "snapshot %s is in force: %d resources"
              .formatted(now.get().abbreviated(), runner.runs().orElseThrow().entries().size()));
    }
  }

  private void tell(Inventory inventory, Resolution resolution, List<Serving> serving) {
    Complaints complaints = new Complaints(inventory);
    for (Judgement judgement : resolution.judgements().values()) {
      List<Serving> mine =
          serving.stream()
              .filter(s -> resolution.serves(s.built().gateway().entryKey(), judgement.key()))
              .toList();
      complaints.add(Reporter.report(judgement, mine));
    }
    notices.notes(complaints.notes());
    notices.wrong(complaints.lines());
  }

  /// The file of the first key that is served and may be used; empty where there is none.
  Optional<Path> firstKeyFile() {
    return keys.values().stream()
        .filter(this::isServed)
        .map(key -> secrets.fileOf(KeySecret.nameFor(key), KeySecret.DATA_KEY))
        .findFirst();
  }

  private boolean isServed(ApiKey key) {
    EntryKey id =
        new EntryKey(Kind.API_KEY, key.getMetadata().getNamespace(), key.getMetadata().getName());
    return runner.runs().map(snapshot -> snapshot.entries().get(id)).stream()
        .anyMatch(entry -> entry instanceof KeyEntry served && !served.suspended());
  }
}
