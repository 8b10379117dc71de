package ai.oneflow.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/// The API group and what it holds.
public final class Api {
  public static final String GROUP = "oneflow.ai";
  public static final String VERSION = "v1alpha1";
  public static final String API_VERSION = GROUP + "/" + VERSION;
  public static final String CATEGORY = "oneflow";

  /// An ApiKey with this annotation is rotated whenever the annotation's value changes.
  public static final String ROTATE_ANNOTATION = GROUP + "/rotate";

  private Api() {}

  /// The five kinds, in the order of the reference page.
  public static List<Class<? extends CustomResource<?, ?>>> kinds() {
    return List.of(
        LLMProvider.class, RoutingPolicy.class, ApiKey.class, QuotaPolicy.class, LLMGateway.class);
  }
}
