package ai.oneflow.snapshot;

/// A [Push] that was encoded once, so that a hundred gateways in need of the same change share one
/// array of bytes.
public final class EncodedPush {
  private final Push push;
  private final byte[] bytes;

  private EncodedPush(Push push, byte[] bytes) {
    this.push = push;
    this.bytes = bytes;
  }

  public static EncodedPush of(Push push) {
    return new EncodedPush(push, SnapshotCodec.encode(push));
  }

  public Push push() {
    return push;
  }

  byte[] bytes() {
    return bytes;
  }
}
