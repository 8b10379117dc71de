package ai.oneflow.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RedisWorkTest {
  @Test
  void countsCallsOfScriptsAndNotWhatScriptsDo() {
    String statistics =
        """
        # Commandstats\r
        cmdstat_eval:calls=1,usec=10,usec_per_call=10.00,rejected_calls=0,failed_calls=0\r
        cmdstat_hget:calls=700,usec=10,usec_per_call=10.00,rejected_calls=0,failed_calls=0\r
        cmdstat_evalsha:calls=41,usec=10,usec_per_call=10.00,rejected_calls=0,failed_calls=0\r
        """;
    assertThat(RedisWork.calls(statistics)).isEqualTo(42);
  }
}
