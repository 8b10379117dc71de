package ai.oneflow.simulator;

import java.util.List;

/// What to perform for one request, and where to note how it went.
///
/// @param entry in the journal; [#UNNOTED] for admin calls
/// @param produced how the entry stands before the first step
record Play(List<Step> steps, long entry, ReceivedRequest.Produced produced) {
  static final long UNNOTED = -1;

  Play {
    steps = List.copyOf(steps);
  }
}
