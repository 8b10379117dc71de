package ai.oneflow.gateway.exchange.accept;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes of requests and answers that a gateway holds, on all its event loops. What is taken is
/// given back by whoever took it, once.
final class BodyBudget {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /// @param most bytes at once
  BodyBudget(long most) {
    this.most = most;
  }

  /// Whether there was room for so many bytes; they are held then.
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  /// Whether there is room at this moment.
  boolean fits(long bytes) {
    return bytes <= most - held.get();
  }

  long held() {
    return held.get();
  }
}
