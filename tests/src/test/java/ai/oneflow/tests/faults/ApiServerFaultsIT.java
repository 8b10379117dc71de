package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// The API server is killed, forgets, hangs up, or takes no writes. `make faults` has it for
/// longer.
final class ApiServerFaultsIT extends FaultsOnOneSite {
  /// With more than ten seconds the leader has lost the lead, and is started again.
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("faults.outage.seconds", 1));

  /// An operator that was started again waits for the Lease of its life before.
  private static final Duration RECOVERED = Duration.ofSeconds(90);

  private static final Duration CONFLICTS =
      Duration.ofSeconds(Integer.getInteger("faults.conflicts.seconds", 12));

  /// A second, of an operator with a handful of resources whose statuses it cannot write.
  private static final double MOST_WRITES = 20;

  /// What could not be written is tried again half a minute later at most.
  private static final Duration TRIED_AGAIN = Duration.ofSeconds(60);

  private static final String[] CUT_OFF = {"cut-1", "cut-2", "cut-3", "cut-4", "cut-5", "cut-6"};

  @Test
  void gatewaysServeOnWhileTheApiServerIsKilledAndFollowItAfterwards() {
    site().serve("outlived");

    site().cluster().killApiServer();
    long answered = site().witness().answers();
    await()
        .pollDelay(OUTAGE)
        .atMost(OUTAGE.plus(Site.SOON))
        .until(() -> site().witness().answers() > answered + 100);
    site().cluster().startAgain();
    site().suspend("outlived");
    site().reroute();

    site().witness().awaitEverywhere(RECOVERED);
    site().awaitReady(RECOVERED, "routingpolicy/smart", "llmprovider/beta", "llmgateway/main");
    site().awaitReady("apikey/outlived", "apikey/" + Site.STEADY);
    site().serve("made-after");
  }

  @Test
  void whatChangesWhileConnectionsAreCutArrivesAllTheSame() throws Exception {
    site().serve(CUT_OFF);

    Thread cutting = Thread.startVirtualThread(ApiServerFaultsIT::cut);
    for (String key : CUT_OFF) {
      site().suspend(key);
    }
    site().reroute();
    cutting.join();

    site().witness().awaitEverywhere(Site.SOON);
    for (String key : CUT_OFF) {
      site().awaitReady("apikey/" + key);
    }
    assertThat(site().proxy().cuts()).isGreaterThan(20);
  }

  private static void cut() {
    for (int i = 0; i < 20; i++) {
      site().proxy().cut();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void whatAWatchCannotBeToldAnyMoreIsReadAnew() throws Exception {
    site().serve("forgotten");
    long gone = site().proxy().gone();
    int ends = site().operator().ends();

    site().proxy().silenceWatches();
    site().suspend("forgotten");
    site().reroute();
    Etcd.of(site().cluster()).compact();
    // The API server remembers changes beside etcd, but not across a change of their schema, upon
    // which it ends watches.
    for (String kind : List.of("apikeys", "routingpolicies")) {
      site()
          .kubectl(
              "patch", "crd/" + kind + ".oneflow.ai", "--type=json", "-p", Yaml.ONE_COLUMN_MORE);
    }

    await().atMost(Site.SOON).until(() -> site().proxy().gone() > gone);
    // The other watches are silent still, and would be for minutes.
    site().proxy().cut();

    site().witness().awaitEverywhere(Site.SOON);
    site().awaitReady("apikey/forgotten", "routingpolicy/smart");
    assertThat(site().operator().ends()).isEqualTo(ends);
  }

  @Test
  void whereEveryWriteConflictsGatewaysFollowAndTheOperatorTriesNowAndThen() {
    site().serve("conflicted");
    site().awaitReady("apikey/conflicted", "routingpolicy/smart", "llmgateway/main");
    long writes = site().proxy().writes();
    long refused = site().proxy().refused();
    long began = System.nanoTime();

    site().proxy().conflict(true);
    site().suspend("conflicted");
    site().reroute();
    site().apply(Yaml.key("conflict-born"));
    site().witness().awaitEverywhere(Site.SOON);
    await()
        .atMost(CONFLICTS.plus(Site.SOON))
        .until(() -> System.nanoTime() - began > CONFLICTS.toNanos());
    double rate = (site().proxy().writes() - writes) / ((System.nanoTime() - began) / 1e9);
    site().proxy().conflict(false);

    System.out.printf("faults: %.1f writes a second while each conflicts%n", rate);
    assertThat(rate).isLessThan(MOST_WRITES);
    assertThat(site().proxy().refused()).isGreaterThan(refused);
    site().awaitReady(TRIED_AGAIN, "apikey/conflicted", "routingpolicy/smart", "llmgateway/main");
    site().awaitReady(TRIED_AGAIN, "apikey/conflict-born");
  }
}
