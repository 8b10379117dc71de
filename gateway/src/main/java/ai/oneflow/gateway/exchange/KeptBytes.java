package ai.oneflow.gateway.exchange;

/// How many bytes of bodies one event loop keeps of which an answer has begun. Confined to that
/// loop.
final class KeptBytes {
  /// For what one event loop has room.
  static final int MOST = 16 << 20;

  private final int most;
  private int taken;

  KeptBytes(int most) {
    this.most = most;
  }

  /// Takes room.
  ///
  /// @return false where there is none
  boolean take(int bytes) {
    if (bytes > most - taken) {
      return false;
    }
    taken += bytes;
    return true;
  }

  void giveBack(int bytes) {
    taken -= bytes;
  }

  int taken() {
    return taken;
  }
}
