package ai.oneflow.gateway.quota.redis;

/// Puts a checkpoint into the lease, or, where it is empty, takes it out.
final class Note implements Op {
  private final String id;
  private final byte[] progress;

  Note(String id, byte[] progress) {
    this.id = id;
    this.progress = progress;
  }

  /// The request has ended.
  static Note end(String id) {
    return new Note(id, new byte[0]);
  }

  String id() {
    return id;
  }

  byte[] progress() {
    return progress;
  }
}
