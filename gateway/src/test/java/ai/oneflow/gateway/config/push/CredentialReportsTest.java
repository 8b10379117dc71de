package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.health.Books;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.HealthBook.Target;
import ai.oneflow.gateway.health.Succession;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.RefusedCredentials;
import ai.oneflow.snapshot.RefusedCredentials.Refused;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialReportsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long now = 1_000;
  private final HealthBook health = new HealthBook(() -> now);
  private final CredentialReports reports = new CredentialReports(health);
  private final Succession.Line changed =
      health.succession(Succession.Line.of(List.of(credential("a"))), List.of(credential("b")));

  private static Credential credential(String key) {
    return new Credential.ApiKey(new Secret(key));
  }

  private CredentialPool pool(String model) {
    return Books.pool(health, new Target("ai/openai", model), changed);
  }

  @Test
  void nothingIsSaidWhereNothingIsRefused() {
    pool("gpt-4o");

    assertThat(reports.take()).isEmpty();
  }

  @Test
  void aProviderIsSaidOnceHoweverManyModelsFindOut() {
    pool("gpt-4o").refused(0, MINUTE, now);
    assertThat(said()).containsExactly(new Refused("ai", "openai", 0, true));
    pool("gpt-4o-mini").refused(0, MINUTE, now);
    assertThat(reports.take()).isEmpty();

    pool("gpt-4o-mini").refused(1, MINUTE, now);
    assertThat(reports.take()).as("the last one is never taken out").isEmpty();
  }

  @Test
  void itsEndIsSaidToo() {
    pool("gpt-4o").refused(0, MINUTE, now);
    assertThat(said()).hasSize(1);

    pool("gpt-4o").proven(0);

    assertThat(reports.take()).contains(new RefusedCredentials(List.of()));
    assertThat(reports.take()).isEmpty();
  }

  @Test
  void whoConnectsAnewIsToldAnew() {
    pool("gpt-4o").refused(0, MINUTE, now);
    assertThat(said()).hasSize(1);

    reports.connected();

    assertThat(said()).hasSize(1);
    now += Duration.ofHours(25).toNanos();
    reports.connected();
    assertThat(reports.take()).isEmpty();
  }

  private List<Refused> said() {
    Optional<RefusedCredentials> said = reports.take();
    return said.map(RefusedCredentials::credentials).orElseThrow();
  }
}
