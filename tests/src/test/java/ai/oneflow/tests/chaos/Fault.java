package ai.oneflow.tests.chaos;

import java.util.EnumSet;
import java.util.Set;

/// What happens to a request.
enum Fault {
  NOTHING(Origin.NONE, ""),
  NO_USAGE(Origin.PROVIDER, "usage=missing"),
  NULL_USAGE(Origin.PROVIDER, "usage=null"),
  USAGE_OF_ZERO(Origin.PROVIDER, "prompt-tokens=0 completion-tokens=0"),
  USAGE_WITH_EACH_TOKEN(Origin.PROVIDER, "usage=cumulative"),
  STATUS_500(Origin.PROVIDER, "status=500"),
  STATUS_429(Origin.PROVIDER, "status=429 retry-after=0"),
  SILENCE(Origin.PROVIDER, "outcome=stall at=before-headers"),
  RESET_AT_ONCE(Origin.PROVIDER, "outcome=reset at=before-headers"),
  RESET_BEHIND_THE_HEAD(Origin.PROVIDER, "outcome=reset at=after-headers"),
  RESET_MIDWAY(Origin.PROVIDER, "outcome=reset %s"),
  CLOSED_MIDWAY(Origin.PROVIDER, "outcome=truncate %s"),
  SILENT_MIDWAY(Origin.PROVIDER, "outcome=stall %s"),
  NEVER_DONE(Origin.PROVIDER, "outcome=half-stream %s"),
  ERROR_EVENT_FIRST(Origin.PROVIDER, "outcome=error-event after=0"),
  ERROR_EVENT_MIDWAY(Origin.PROVIDER, "outcome=error-event %s"),
  GARBAGE_FIRST(Origin.PROVIDER, "outcome=garbage-event after=0"),
  GARBAGE_MIDWAY(Origin.PROVIDER, "outcome=garbage-event %s"),
  BAD_CHUNK(Origin.PROVIDER, "outcome=bad-chunk %s"),
  /// The connection is gone as soon as the request is written.
  CALLER_LEAVES_AT_ONCE(Origin.CALLER, ""),
  /// In a stream behind some tokens, otherwise while the answer is made.
  CALLER_LEAVES_MIDWAY(Origin.CALLER, ""),
  /// SIGKILL to the gateway behind some tokens of this request, with all others that it serves.
  GATEWAY_KILLED(Origin.GATEWAY, ""),
  /// While this request runs.
  REDIS_RESTARTED(Origin.REDIS, ""),
  /// For a while, from the middle of this request on.
  SQL_STOPPED(Origin.SQL, "");

  /// Whose fault it is.
  enum Origin {
    NONE,
    PROVIDER,
    CALLER,
    GATEWAY,
    REDIS,
    SQL
  }

  private final Origin origin;
  private final String script;

  Fault(Origin origin, String script) {
    this.origin = origin;
    this.script = script;
  }

  Origin origin() {
    return origin;
  }

  /// In the simulator's words.
  ///
  /// @param where the accident happens, if it happens in the middle
  String script(String where) {
    return script.formatted(where);
  }

  /// In mid-answer, so that tokens must be slow enough for something to come between them.
  boolean needsTime() {
    return switch (origin) {
      case NONE, PROVIDER -> false;
      case CALLER, GATEWAY, REDIS, SQL -> true;
    };
  }

  /// Whether other requests suffer from it too.
  boolean strikesAll() {
    return switch (origin) {
      case NONE, PROVIDER, CALLER -> false;
      case GATEWAY, REDIS, SQL -> true;
    };
  }

  static Set<Fault> of(Origin... origins) {
    EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
    for (Fault fault : values()) {
      if (Set.of(origins).contains(fault.origin)) {
        faults.add(fault);
      }
    }
    return faults;
  }
}
