package ai.oneflow.cli.cluster;

/// A cluster that cannot be asked, or says no; its message is a sentence for a person.
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean unreachable;

  private ClusterException(String message, boolean unreachable, Throwable cause) {
    super(message, cause);
    this.unreachable = unreachable;
  }

  /// Nobody could be asked.
  public static ClusterException unreachable(String message, Throwable cause) {
    return new ClusterException(message, true, cause);
  }

  /// The API server was asked and refused.
  static ClusterException refused(String message, Throwable cause) {
    return new ClusterException(message, false, cause);
  }

  public boolean isUnreachable() {
    return unreachable;
  }

  /// Never null, unlike that of its class.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
