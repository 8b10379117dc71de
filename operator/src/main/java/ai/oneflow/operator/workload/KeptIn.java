package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.stream.IntStream;

/// The Secrets that a gateway's last good snapshot is kept in. There are two slots: while one is
/// written, part after part, the other is whole.
public final class KeptIn {
  /// The type of these Secrets, by which nobody else's are taken for them.
  public static final String TYPE = "oneflow.ai/snapshot";

  /// Where the part is in a Secret's data.
  public static final String DATA_KEY = "part";

  /// Room for some thirty thousand keys.
  public static final int PARTS = 4;

  /// As Secrets' names say them.
  public static final List<String> SLOTS = List.of("a", "b");

  private KeptIn() {}

  /// The Secret of a part.
  ///
  /// @param part less than [#PARTS]
  public static String secret(LLMGateway gateway, String slot, int part) {
    return GatewayLabels.nameOf(gateway) + "-snapshot-" + file(slot, part);
  }

  /// Whose these Secrets are, and with whom they go.
  public static OwnerReference owner(LLMGateway gateway) {
    return GatewayLabels.owner(gateway);
  }

  /// What the part is called where a pod mounts it.
  static String file(String slot, int part) {
    return slot + "-" + part;
  }

  /// All parts that there may be.
  static List<Integer> parts() {
    return IntStream.range(0, PARTS).boxed().toList();
  }
}
