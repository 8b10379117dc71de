package ai.oneflow.bench.overload;

import ai.oneflow.bench.process.ProcessTree;
import java.util.Locale;

/// Who has used how much of the processors so far, in microseconds. What is left over went to
/// others, and to a hypervisor: with much of that a run is worth nothing.
record Shares(long gateway, long own, long machine) {
  static Shares of(ProcessTree gateway) {
    return new Shares(
        gateway.cpuMicros(),
        new ProcessTree(ProcessHandle.current()).cpuMicros(),
        ProcessTree.machineMicros());
  }

  String since(Shares begin, int seconds) {
    double micros = seconds * 1e6;
    long ofGateway = gateway - begin.gateway;
    long ofOwn = own - begin.own;
    return String.format(
        Locale.ROOT,
        "of a processor the gateway had %.2f, callers and provider %.2f, anything else %.2f",
        ofGateway / micros,
        ofOwn / micros,
        (machine - begin.machine - ofGateway - ofOwn) / micros);
  }
}
