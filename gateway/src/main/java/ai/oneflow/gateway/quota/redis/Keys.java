package ai.oneflow.gateway.quota.redis;

/// The keys of one gateway's fleet. All have the same hash tag, so that a Redis Cluster keeps them
/// in one slot and a script may touch any of them together.
///
/// @param fleet namespace and name of the LLMGateway
record Keys(String fleet) {

  private String tagged(String rest) {
    return "oneflow:{" + fleet + "}" + rest;
  }

  /// Names the counters in force. Without it all of them are lost.
  String epoch() {
    return tagged("epoch");
  }

  /// When each gateway was last seen, by the name of its lease.
  String gateways() {
    return tagged("gateways");
  }

  String lease(String name) {
    return tagged("lease:" + name);
  }

  /// What keys of counters begin with.
  String counters(String epoch) {
    return tagged(epoch + ":");
  }

  /// From which start each lasting limit is counted, by its mark and whom it speaks of; at `@` a
  /// number that changes with it.
  String starts(String epoch) {
    return tagged("starts:" + epoch);
  }

  /// The gateways that have told counters of this start all that they used before.
  String start(String epoch, String start) {
    return tagged("start:" + epoch + ":" + start);
  }

  /// The thresholds of a limit that were told of in a period, by their percentages. Counters that
  /// are written anew, or begin anew, do not forget them.
  ///
  /// @param start of the period; 0 where it has no end
  /// @param counter the name that the limit's counter has from the first start
  String told(long start, String counter) {
    return tagged("told:" + start + ":" + counter);
  }

  /// Who is writing lost counters.
  String rebuild() {
    return tagged("rebuild");
  }

  /// The gateways whose leases went into the counters of this epoch.
  String counted(String epoch) {
    return tagged("counted:" + epoch);
  }

  /// The gateways whose events are all in the ledger.
  String drained(String epoch) {
    return tagged("drained:" + epoch);
  }
}
