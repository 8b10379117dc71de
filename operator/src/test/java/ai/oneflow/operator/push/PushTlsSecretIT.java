package ai.oneflow.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.operator.ObjectStore;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PushTlsSecretIT {
  private static final List<String> NAMES = List.of("oneflow-operator.oneflow.svc");

  private final SetClock clock = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));
  private ObjectStore store;
  private PushTlsSecret secret;

  @BeforeEach
  void start() throws IOException {
    store = ObjectStore.start();
    secret = secret(clock);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void theNextOperatorShowsTheSame() {
    PushTls shown = secret.obtain(NAMES);

    assertThat(secret(clock).obtain(NAMES)).isEqualTo(shown);
    assertThat(store.names()).containsExactly(PushTlsSecret.CONFIG_MAP, PushTlsSecret.SECRET);
  }

  @Test
  void whatIsShownIsKeptAgainWhenItsSecretIsDeleted() {
    PushTls shown = secret.obtain(NAMES);
    store.clear();

    assertThat(secret.keep(shown, NAMES)).isSameAs(shown);

    assertThat(store.names()).containsExactly(PushTlsSecret.CONFIG_MAP, PushTlsSecret.SECRET);
    assertThat(secret(clock).obtain(NAMES)).isEqualTo(shown);
  }

  @Test
  void whatIsShownTakesThePlaceOfWhatIsGarbledOrOfAnotherAuthority() {
    PushTls shown = secret.obtain(NAMES);
    write(Map.of("ca.crt", "bm90aGluZw=="));
    assertThatThrownBy(() -> secret(clock).obtain(NAMES))
        .hasMessageContaining("ca.key is missing")
        .hasMessageContaining("delete it");
    assertThat(secret.keep(shown, NAMES)).isSameAs(shown);
    assertThat(secret(clock).obtain(NAMES)).isEqualTo(shown);

    store.clear();
    secret(clock).obtain(NAMES);
    secret.keep(shown, NAMES);
    assertThat(secret(clock).obtain(NAMES)).isEqualTo(shown);
  }

  @Test
  void isRenewedByTheSameAuthorityAndKept() {
    PushTls shown = secret.obtain(NAMES);
    clock.pass(Duration.ofDays(300));

    PushTls renewed = secret.keep(shown, NAMES);

    assertThat(renewed.server()).isNotEqualTo(shown.server());
    assertThat(renewed.authority()).isEqualTo(shown.authority());
    assertThat(secret(clock).obtain(NAMES)).isEqualTo(renewed);
  }

  private void write(Map<String, String> data) {
    Secret garbled =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("oneflow")
            .withName(PushTlsSecret.SECRET)
            .endMetadata()
            .withData(data)
            .build();
    store.client().resource(garbled).update();
  }

  private PushTlsSecret secret(Clock now) {
    return new PushTlsSecret(store.client(), "oneflow", now);
  }
}
