package ai.oneflow.bench.compare;

/// What one target did under one load.
///
/// @param wrk as the caller saw it
/// @param spentTarget the target's processes
/// @param redis what the Redis that it counts in had to do
/// @param spentMock the provider stand-in behind it (or the target itself)
/// @param wrkCpuMicros of the load generator
record Measurement(
    String target,
    Load load,
    Wrk.Result wrk,
    Spent spentTarget,
    Spent spentMock,
    RedisWork redis,
    long wrkCpuMicros) {

  /// What processes spent while a load ran.
  ///
  /// @param residentKilobytes at its end
  record Spent(long cpuMicros, long residentKilobytes) {
    Spent since(Spent before) {
      return new Spent(cpuMicros - before.cpuMicros(), residentKilobytes);
    }
  }

  double perRequest(long sum) {
    return wrk.requests() == 0 ? 0 : (double) sum / wrk.requests();
  }
}
