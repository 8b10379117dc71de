package ai.oneflow.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.UsageGroup;
import ai.oneflow.gateway.ledger.sql.UsageQuery;
import ai.oneflow.gateway.ledger.sql.UsageReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path root = Path.of("");
  private @Nullable OneMachine started;

  @BeforeEach
  void start() throws IOException {
    started = new OneMachine(root);
  }

  @AfterEach
  void end() throws IOException {
    machine().close();
  }

  private OneMachine machine() {
    return Objects.requireNonNull(started, "made before each test");
  }

  @Test
  void answersAtOnceWithTheMintedKey() throws Exception {
    HttpResponse<String> answer = machine().ask(machine().key(), "smart", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(MAPPER.readTree(answer.body()).at("/choices/0/message/content").asText())
        .isNotEmpty();
    assertThat(machine().running().curl().orElseThrow())
        .contains("alice-key/api-key", "\"smart\"")
        .doesNotContain(machine().key());
    assertThat(machine().ask("wrong", "smart", "").statusCode()).isEqualTo(401);
    assertThat(machine().ask(machine().key(), "gpt-4o", "").statusCode()).isEqualTo(404);
  }

  @Test
  void writesEachCallAndItsExactCostIntoTheLedger() throws Exception {
    JsonNode json = MAPPER.readTree(machine().ask(machine().key(), "smart", "").body());
    String stream =
        machine()
            .ask(
                machine().key(),
                "smart",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true}")
            .body();

    assertThat(stream).endsWith("data: [DONE]\n\n");
    JsonNode last =
        MAPPER.readTree(
            stream
                .lines()
                .filter(line -> line.startsWith("data: {") && line.contains("\"prompt_tokens\""))
                .findFirst()
                .orElseThrow()
                .substring("data: ".length()));
    long cost = picoDollars(json.path("usage")) + picoDollars(last.path("usage"));
    machine().running().drain(Duration.ofSeconds(5));
    machine().restart();

    UsageReport report =
        UsageReport.read(
            LedgerDatabase.sqlite(machine().state().resolve("ledger.db")),
            UsageQuery.all(UsageGroup.PROJECT));
    assertThat(report.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.values().getFirst()).isEqualTo("search");
              assertThat(row.requests()).isEqualTo(2);
              assertThat(row.picoDollars()).isEqualTo(BigInteger.valueOf(cost));
            });
  }

  /// By the prices of [OneMachine]: 2.50 and 10.00 dollars for a million tokens.
  private static long picoDollars(JsonNode usage) {
    return usage.path("prompt_tokens").asLong() * 2_500_000
        + usage.path("completion_tokens").asLong() * 10_000_000;
  }

  @Test
  void followsAnEditedManifest() throws Exception {
    machine()
        .write(
            "policy.yaml",
            OneMachine.manifest(
                "RoutingPolicy",
                "smart",
                "\n  models: [clever]\n  targets: [{provider: {name: openai}, model: gpt-4o}]"));

    machine().awaitStatus(200, machine().key(), "clever");
    machine().awaitStatus(404, machine().key(), "smart");
  }

  @Test
  void reportsAMistakeAndServesByWhatWasInForce() throws Exception {
    machine().write("provider.yaml", machine().provider("lots"));

    machine()
        .awaitSaid(
            "provider.yaml:12: LLMProvider default/openai: spec.models[0].prices[0].output",
            "what was in force before stays so");
    assertThat(machine().ask(machine().key(), "smart", "").statusCode()).isEqualTo(200);

    machine().write("provider.yaml", machine().provider("\"20.00\""));
    machine().awaitSaid("all manifests are in force");
  }

  @Test
  void tellsWhatCannotBeResolvedWithFileAndLine() throws Exception {
    machine()
        .write(
            "policy2.yaml",
            OneMachine.manifest(
                "RoutingPolicy",
                "other",
                "\n  models: [other]\n  targets: [{provider: {name: openai}, model: nothing}]"));

    machine()
        .awaitSaid(
            "policy2.yaml:", "RoutingPolicy default/other: ResolvedRefs is False (ModelNotFound)");
    assertThat(machine().ask(machine().key(), "smart", "").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesADeletedKeyAndMintsAnotherForTheNextOfItsName() throws Exception {
    String first = machine().key();
    machine().delete("key.yaml");
    machine().awaitStatus(401, first, "smart");

    machine().write("key.yaml", OneMachine.manifest("ApiKey", "alice", "{project: search}"));
    machine().awaitKey();

    assertThat(machine().key()).isNotEqualTo(first);
    machine().awaitStatus(200, machine().key(), "smart");
    assertThat(machine().ask(first, "smart", "").statusCode()).isEqualTo(401);
  }

  @Test
  void keepsKeysOverARestart() throws Exception {
    String first = machine().key();

    machine().restart();

    assertThat(machine().key()).isEqualTo(first);
    assertThat(machine().ask(first, "smart", "").statusCode()).isEqualTo(200);
  }

  @Test
  void servesNobodyOnceTheGatewayIsDeleted() throws Exception {
    machine().delete("gateway.yaml");

    machine().awaitStatus(401, machine().key(), "smart");
    machine().awaitSaid("ApiKey default/alice", "no LLMGateway serves namespace default");
  }

  @Test
  void leavesNothingOpenWhereItCannotStart() throws Exception {
    Path state = root.resolve("other");
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    StandaloneOptions options =
        new StandaloneOptions(
            root.resolve("manifests"), state.resolve("secrets"), state, free, free);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Standalone.start(
                    options,
                    line -> {
                      throw new IllegalStateException("nobody may be told");
                    }));

    // Two processes cannot have one ledger.
    Standalone.start(options, line -> {}).close();
  }

  @Test
  void saysNothingOfSecrets() throws Exception {
    machine().ask(machine().key(), "smart", "");

    String key = machine().key();
    assertThat(machine().said()).isNotEmpty().noneMatch(line -> line.contains(key));
  }
}
