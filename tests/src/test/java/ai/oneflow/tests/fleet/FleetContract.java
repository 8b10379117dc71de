package ai.oneflow.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.RedisEntry.Admission;
import ai.oneflow.tests.dataplane.Configurations;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a fleet promises of limits that a tenth of a thousand callers fits, whatever happens to one
/// of its gateways or to Redis meanwhile: nothing is overspent, no more than the last hold is left
/// when all have settled, and counters say what the ledger says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FleetContract {
  private static final String MODEL = "gpt-4o";
  private static final int CALLERS = 1_000;
  private static final int A_FEW = 10;

  /// Of what a limit fits, which is about a hundred requests.
  private static final long A_FEW_MILLIS_PERCENT = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(100);

  private final Admission admission;
  private Optional<Simulator> provider = Optional.empty();
  private Optional<Fleet> running = Optional.empty();

  FleetContract(Admission admission) {
    this.admission = admission;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    assumeTrue(Fleet.missing().isEmpty(), Fleet.missing().orElse(""));
    Simulator standIn = Simulator.start(SimulatorOptions.defaults());
    provider = Optional.of(standIn);
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(standIn.baseUrl(), List.of(MODEL), List.of()));
    entries.removeIf(entry -> entry.kind() == Kind.API_KEY);
    for (Blow blow : blows()) {
      Subject.of(blow).forEach(subject -> entries.addAll(subject.entries()));
    }
    Fleet fleet = Fleet.start(folder, entries, admission);
    running = Optional.of(fleet);
    payIn(fleet);
  }

  /// Until all know of it.
  private void payIn(Fleet fleet) throws SQLException {
    List<Subject> prepaid =
        blows().stream()
            .flatMap(blow -> Subject.of(blow).stream())
            .filter(subject -> subject.kind() == Subject.Kind.PREPAID)
            .toList();
    for (Subject subject : prepaid) {
      fleet.topUp(subject.name(), subject.kind().amount());
    }
    try (Crowd crowd = new Crowd(fleet)) {
      for (Subject subject : prepaid) {
        for (ServingProcess member : fleet.members()) {
          await()
              .atMost(PATIENCE)
              .pollInterval(STEP)
              .ignoreExceptionsInstanceOf(IOException.class)
              .until(() -> crowd.left(member, subject) == subject.kind().amount());
        }
      }
    }
  }

  @AfterAll
  void stop() throws IOException {
    if (running.isPresent()) {
      running.get().close();
    }
    provider.ifPresent(Simulator::close);
  }

  /// What is to happen, each to limits of its own.
  abstract Set<Blow> blows();

  @ParameterizedTest
  @MethodSource("blows")
  void overspendsNothingAndLeavesNoMoreThanTheLastHold(Blow blow) throws Exception {
    Fleet fleet = running.orElseThrow();
    List<Subject> subjects = Subject.of(blow);
    try (Crowd crowd = new Crowd(fleet)) {
      crowd.askAtOnce(subjects, CALLERS);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> crowd.served() > A_FEW);

      if (blow == Blow.NONE) {
        tellsOfNoMoreThanIsLeft(fleet, crowd, subjects);
      }
      blow.strike(fleet);
      crowd.awaitAll();
      blow.end(fleet);
      if (blow == Blow.NONE && admission == Admission.EXACT) {
        headersTellOfWhatIsLeft(crowd);
      }

      for (Subject subject : subjects) {
        spendTheRest(fleet, crowd, subject);
      }
    }
  }

  /// Who was answered before a request was sent is counted in its answer, and nobody is who came
  /// after it.
  private static void headersTellOfWhatIsLeft(Crowd crowd) {
    long amount = Subject.Kind.REQUESTS.amount();
    assertThat(crowd.told())
        .filteredOn(told -> told.subject().kind() == Subject.Kind.REQUESTS)
        .isNotEmpty()
        .allSatisfy(
            told ->
                assertThat(told.remaining())
                    .isBetween(Math.max(0, amount - told.sent()), amount - told.answered() - 1));
  }

  /// In the middle of it: what the ledger had before counts by now, with what is held beside it. A
  /// gateway that has too much to do is asked again.
  private static void tellsOfNoMoreThanIsLeft(Fleet fleet, Crowd crowd, List<Subject> subjects)
      throws SQLException {
    for (ServingProcess member : fleet.members()) {
      for (Subject subject : subjects) {
        long left = left(fleet, subject);
        long told =
            await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> crowd.left(member, subject), _ -> true);
        assertThat(told).as(subject.name()).isBetween(0L, left);
      }
    }
  }

  private static void spendTheRest(Fleet fleet, Crowd crowd, Subject subject) throws SQLException {
    await()
        .atMost(PATIENCE)
        .pollInterval(STEP)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              crowd.askAtOnce(List.of(subject), A_FEW);
              crowd.awaitAll();
              long left =
                  subject.blow() == Blow.GATEWAY_KILLED
                      ? mostLeft(fleet, crowd, subject)
                      : left(fleet, subject);
              return left < subject.kind().mostOfOne();
            });
    fleet.members().forEach(ServingProcess::awaitIdle);
    long left = left(fleet, subject);
    assertThat(left).as(subject.name()).isBetween(0L, mostUnspent(subject) - 1);
    for (ServingProcess member : fleet.members()) {
      await()
          .atMost(PATIENCE)
          .pollInterval(STEP)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(crowd.left(member, subject))
                      .as(subject.name())
                      .isBetween(subject.blow() == Blow.GATEWAY_KILLED ? 0 : left, left));
    }
  }

  /// What a killed gateway had settled within two milliseconds of its last word to Redis may be
  /// counted twice, which leaves that unspent too: no more than it can settle in that time.
  private static long mostUnspent(Subject subject) {
    long lastHold = subject.kind().mostOfOne();
    return subject.blow() == Blow.GATEWAY_KILLED
        ? lastHold + subject.kind().amount() * A_FEW_MILLIS_PERCENT / 100
        : lastHold;
  }

  /// Of the limit, as gateways tell the caller.
  private static long mostLeft(Fleet fleet, Crowd crowd, Subject subject) throws IOException {
    long most = 0;
    for (ServingProcess member : fleet.members()) {
      most = Math.max(most, crowd.left(member, subject));
    }
    return most;
  }

  /// Of the limit, by the ledger.
  private static long left(Fleet fleet, Subject subject) throws SQLException {
    String sum = "SELECT coalesce(" + subject.kind().used() + ", 0) FROM usage WHERE key_name = ?";
    try (Connection connection = DriverManager.getConnection(fleet.ledgerUrl());
        PreparedStatement statement = connection.prepareStatement(sum)) {
      statement.setString(1, subject.name());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return subject.kind().amount() - row.getLong(1);
      }
    }
  }
}
