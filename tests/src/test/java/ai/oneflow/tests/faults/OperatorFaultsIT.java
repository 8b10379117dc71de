package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.lead.Leadership;
import ai.oneflow.tests.cluster.OperatorProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two operators, of which the one that leads is killed while it pushes. `make faults` kills more.
class OperatorFaultsIT {
  private static final int KILLS = Integer.getInteger("faults.kills", 1);
  private static final int KEYS = 8;

  /// Fifteen seconds after its last renewal another may lead, which then has to start.
  private static final Duration TAKEN_OVER = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whatALeaderDidNotFinishItsSuccessorDoes() throws Exception {
    try (Site site = Site.start(folder)) {
      KeptAlive second = site.operator("second");
      String[] keys = IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toArray(String[]::new);
      site.serve(keys);
      for (int kill = 0; kill < KILLS; kill++) {
        boolean suspended = kill % 2 == 0;
        String leader = leader(site);
        for (int i = 0; i < KEYS; i++) {
          site.suspend(keys[i], suspended);
          if (i == KEYS / 2) {
            site.reroute();
            (kill % 2 == 0 ? site.operator() : second).kill();
          }
        }
        site.witness().awaitEverywhere(TAKEN_OVER);
        System.out.printf("faults: %s led, then %s%n", leader, leader(site));
      }
      for (String key : keys) {
        site.awaitReady("apikey/" + key);
      }
      site.awaitReady("llmgateway/main", "routingpolicy/smart");
      assertThat(site.operator().ends() + second.ends()).isEqualTo(KILLS);
    }
  }

  private static String leader(Site site) {
    return site.kubectl(
        "get",
        "lease/" + Leadership.LEASE,
        "-n",
        OperatorProcess.NAMESPACE,
        "-o",
        "jsonpath={.spec.holderIdentity}");
  }
}
