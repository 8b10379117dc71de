package ai.oneflow.gateway.ledger.journal;

import org.jspecify.annotations.Nullable;

/// The requests of one lane that are on their way, in the order in which their frames were written:
/// a chain through the requests themselves, so that it costs no memory. One thread only.
final class OpenRequests {
  private @Nullable OpenRequest oldest;
  private @Nullable OpenRequest newest;

  @Nullable OpenRequest oldest() {
    return oldest;
  }

  void add(OpenRequest request) {
    OpenRequest before = newest;
    request.older = before;
    if (before == null) {
      oldest = request;
    } else {
      before.newer = request;
    }
    newest = request;
  }

  void remove(OpenRequest request) {
    OpenRequest before = request.older;
    OpenRequest after = request.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    request.older = null;
    request.newer = null;
  }
}
