package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Hold;

/// How far a request has come.
public final class Checkpoint {
  private final String id;
  private final Hold hold;
  private final byte[] progress;

  /// @param id of its usage event
  /// @param progress what its end would be recorded by if its gateway died now; not empty
  public Checkpoint(String id, Hold hold, byte[] progress) {
    if (progress.length == 0) {
      throw new IllegalArgumentException("a checkpoint must not be empty: " + id);
    }
    this.id = id;
    this.hold = hold;
    this.progress = progress.clone();
  }

  String id() {
    return id;
  }

  Hold hold() {
    return hold;
  }

  byte[] progress() {
    return progress;
  }
}
