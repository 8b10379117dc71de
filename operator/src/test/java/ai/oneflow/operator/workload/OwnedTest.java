package ai.oneflow.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class OwnedTest {
  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: main
        labels: {a: "1"}
      spec:
        ports: [{port: 80, protocol: TCP, name: http}]
        selector: {x: "1"}
      """;

  /// As the API server returns it when somebody else has added a label and a port.
  private static final String LIVE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: main
        labels: {a: "1", b: theirs}
        managedFields:
        - manager: somebody
          operation: Update
          fieldsV1: {"f:metadata": {"f:labels": {"f:b": {}}}}
        - manager: us
          operation: Apply
          fieldsV1:
            "f:metadata": {"f:labels": {".": {}, "f:a": {}}}
            "f:spec":
              "f:ports":
                ".": {}
                'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}, "f:protocol": {}, "f:name": {}}
              "f:selector": {}
      spec:
        clusterIP: 10.0.0.1
        ports:
        - {port: 90, protocol: TCP, name: theirs, targetPort: 90}
        - {port: 80, protocol: TCP, name: http, targetPort: 80}
        selector: {x: "1"}
      """;

  private static Service service(String yaml) {
    return Serialization.unmarshal(yaml, Service.class);
  }

  @Test
  void whatOthersAddedIsNotSeen() {
    assertThat(Owned.by("us", service(LIVE))).contains(Owned.in(service(MANIFEST)));
  }

  @Test
  void aChangedValueIsSeen() {
    Service changed =
        service(LIVE.replace("80, protocol: TCP, name: http", "80, protocol: TCP, name: web"));

    assertThat(Owned.by("us", changed)).isPresent().get().isNotEqualTo(Owned.in(service(MANIFEST)));
  }

  @Test
  void aFieldThatSomebodyTookOverIsSeen() {
    Service taken = service(LIVE.replace("\"f:a\": {}", "\"f:c\": {}"));

    assertThat(Owned.by("us", taken)).isPresent().get().isNotEqualTo(Owned.in(service(MANIFEST)));
  }

  @Test
  void aRemovedElementIsSeen() {
    Service removed =
        service(LIVE.replace("  - {port: 80, protocol: TCP, name: http, targetPort: 80}\n", ""));

    assertThat(Owned.by("us", removed)).isPresent().get().isNotEqualTo(Owned.in(service(MANIFEST)));
  }

  @Test
  void whatWasNeverAppliedIsNobodys() {
    assertThat(Owned.by("others", service(LIVE))).isEmpty();
    assertThat(Owned.by("somebody", service(LIVE))).isEmpty();
    assertThat(Owned.by("us", service(MANIFEST))).isEmpty();
  }
}
