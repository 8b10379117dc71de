package ai.oneflow.api.value;

/// Patterns of names, each with the sentence that a person is told who writes something else.
public final class Name {
  /// A public model name.
  public static final String MODEL = "^[A-Za-z0-9][A-Za-z0-9._:@/-]*$";

  public static final String MODEL_SENTENCE =
      "a model name begins with a letter or digit and has letters, digits and . _ : @ / - only, as"
          + " in gpt-4o";

  /// A public model name in which `*` stands for any text.
  public static final String MODEL_GLOB = "^[A-Za-z0-9*._:@/-]+$";

  public static final String MODEL_GLOB_SENTENCE =
      "a model pattern has letters, digits and * . _ : @ / - only, as in claude-*";

  /// A user or a project.
  public static final String SUBJECT = "^[A-Za-z0-9][A-Za-z0-9._@+-]*$";

  public static final String SUBJECT_SENTENCE =
      "users and projects begin with a letter or digit and have letters, digits and . _ @ + - only,"
          + " as in alice@example.com";

  /// A region.
  public static final String REGION = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  public static final String REGION_SENTENCE =
      "a region has small letters, digits and inner - only, as in eu-west";

  /// A Kubernetes resource.
  public static final String RESOURCE =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  public static final String RESOURCE_SENTENCE =
      "a resource name has small letters, digits and inner - or . only, as in search-key";

  /// A web origin, or any.
  public static final String ORIGIN = "^(\\*|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)$";

  public static final String ORIGIN_SENTENCE =
      "an origin is a scheme, a host and perhaps a port, as in https://console.example.com, or *";

  private Name() {}
}
