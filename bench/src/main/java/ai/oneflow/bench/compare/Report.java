package ai.oneflow.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The measurements of one run as one table. The columns are explained in `docs/benchmark.md`.
///
/// @param machine one line that says where and when
record Report(String machine, int seconds, List<Measurement> measurements) {
  /// What the other rows of a load are compared with.
  private static final String YARDSTICK = "nginx";

  private static final String MOCK = "mock";

  Report {
    measurements = List.copyOf(measurements);
  }

  String json() {
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of numbers cannot fail to be written", e);
    }
  }

  String markdown() {
    StringBuilder table = new StringBuilder();
    table.append(machine).append("; ").append(seconds).append(" s a row.\n\n");
    table.append(
        "| load | conn. | target | req/s | × nginx | p50 µs | p95 µs | p99 µs | added p50 µs"
            + " | errors | CPU-µs/req | Redis CPU-µs | Redis calls | mock CPU-µs | wrk CPU-µs"
            + " | RSS MB | mock RSS MB |\n");
    table.append("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    measurements.forEach(measurement -> table.append(row(measurement)));
    return table.toString();
  }

  private String row(Measurement row) {
    Wrk.Result wrk = row.wrk();
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %,.0f | %s | %,d | %,d | %,d | %s | %,d | %.1f | %s | %s | %.1f | %.1f | %d | %d |%n",
        row.load().kind(),
        row.load().connections(),
        row.target(),
        wrk.perSecond(),
        ofYardstick(row),
        wrk.p50(),
        wrk.p95(),
        wrk.p99(),
        addedToMock(row),
        wrk.errors(),
        row.perRequest(row.spentTarget().cpuMicros()),
        ofRedis(row, "%.1f", row.redis().cpuMicros()),
        ofRedis(row, "%.4f", row.redis().calls()),
        row.perRequest(row.spentMock().cpuMicros()),
        row.perRequest(row.wrkCpuMicros()),
        row.spentTarget().residentKilobytes() / 1024,
        row.spentMock().residentKilobytes() / 1024);
  }

  private String ofYardstick(Measurement row) {
    return same(row, YARDSTICK)
        .map(other -> row.wrk().perSecond() / other.wrk().perSecond())
        .map(share -> String.format(Locale.ROOT, "%.2f", share))
        .orElse("");
  }

  private String addedToMock(Measurement row) {
    return same(row, MOCK)
        .map(other -> String.format(Locale.ROOT, "%,d", row.wrk().p50() - other.wrk().p50()))
        .orElse("");
  }

  /// Nothing for a target without a Redis.
  private static String ofRedis(Measurement row, String format, long sum) {
    return row.redis().equals(RedisWork.NONE)
        ? ""
        : String.format(Locale.ROOT, format, row.perRequest(sum));
  }

  private Optional<Measurement> same(Measurement row, String target) {
    return measurements.stream()
        .filter(other -> other.target().equals(target) && other.load().equals(row.load()))
        .findFirst();
  }
}
