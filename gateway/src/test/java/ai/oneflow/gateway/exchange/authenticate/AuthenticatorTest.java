package ai.oneflow.gateway.exchange.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.KeyTable;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.KeyEntry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthenticatorTest {
  private static final Instant GRACE_END = Instant.parse("2026-06-01T00:00:00Z");
  private static final long BEFORE = GRACE_END.toEpochMilli() - 1;
  private static final long AFTER = GRACE_END.toEpochMilli();
  private static final String CURRENT = "the-current-one";
  private static final String FORMER = "the-former-one";

  private final Authenticator authenticator = new Authenticator();

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
  void knowsAKeyByItsHash(String scheme) {
    Authentication known = ask(scheme + CURRENT, BEFORE);

    assertThat(known).isInstanceOf(Authentication.Known.class);
    assertThat(((Authentication.Known) known).key().id()).hasToString("ApiKey ai/search");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer    ", "Basic dXNlcg==", CURRENT})
  void saysThatNoKeyWasSent(String authorization) {
    GatewayError error = refused(ask(authorization, BEFORE));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_API_KEY);
    assertThat(error.message()).startsWith("You didn't provide an API key.");
  }

  @Test
  void saysThatNoHeaderWasSent() {
    assertThat(
            refused(authenticator.authenticate(new DefaultHttpHeaders(), keys(), BEFORE)).message())
        .startsWith("You didn't provide an API key.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"the-current-on", "the-current-one1", "The-current-one", "é"})
  void refusesAKeyThatNobodyHas(String sent) {
    GatewayError error = refused(ask("Bearer " + sent, BEFORE));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_API_KEY);
    assertThat(error.message()).isEqualTo("Incorrect API key provided.").doesNotContain(sent);
  }

  @Test
  void refusesAnEndlessKeyWithoutHashingIt() {
    assertThat(refused(ask("Bearer " + "k".repeat(100_000), BEFORE)).code())
        .isEqualTo(ErrorCode.INVALID_API_KEY);
  }

  @Test
  void acceptsTheFormerKeyUntilTheEndOfItsGrace() {
    assertThat(ask("Bearer " + FORMER, BEFORE)).isInstanceOf(Authentication.Known.class);
    assertThat(refused(ask("Bearer " + FORMER, AFTER)).message())
        .isEqualTo("This API key has expired.");
    assertThat(ask("Bearer " + CURRENT, AFTER)).isInstanceOf(Authentication.Known.class);
  }

  @Test
  void refusesBothKeysOnceTheResourceExpires() {
    KeyTable keys = table(with(false, Optional.of(GRACE_END.minusSeconds(60))));
    long now = GRACE_END.minusSeconds(60).toEpochMilli();

    assertThat(refused(ask("Bearer " + CURRENT, keys, now)).code())
        .isEqualTo(ErrorCode.INVALID_API_KEY);
    assertThat(ask("Bearer " + FORMER, keys, now)).isInstanceOf(Authentication.Refused.class);
    assertThat(ask("Bearer " + FORMER, keys, now - 1)).isInstanceOf(Authentication.Known.class);
  }

  @Test
  void refusesASuspendedKeyAndSaysSo() {
    KeyTable keys = table(with(true, Optional.empty()));

    assertThat(refused(ask("Bearer " + CURRENT, keys, BEFORE)).code())
        .isEqualTo(ErrorCode.API_KEY_SUSPENDED);
  }

  private Authentication ask(String authorization, long nowMillis) {
    return ask(authorization, keys(), nowMillis);
  }

  private Authentication ask(String authorization, KeyTable keys, long nowMillis) {
    HttpHeaders headers =
        new DefaultHttpHeaders().add(HttpHeaderNames.AUTHORIZATION, authorization);
    return authenticator.authenticate(headers, keys, nowMillis);
  }

  private static GatewayError refused(Authentication authentication) {
    return switch (authentication) {
      case Authentication.Refused(var error) -> error;
      case Authentication.Known known -> throw new AssertionError("is known: " + known);
    };
  }

  private static KeyTable keys() {
    return table(with(false, Optional.empty()));
  }

  private static KeyTable table(KeyEntry entry) {
    return Configurations.compile(Configurations.gateway(), entry).keys();
  }

  private static KeyEntry with(boolean suspended, Optional<Instant> expiresAt) {
    KeyEntry plain = Configurations.keyEntry("search", GRACE_END, CURRENT, FORMER);
    return new KeyEntry(
        plain.namespace(),
        plain.name(),
        plain.generation(),
        plain.hashes(),
        plain.user(),
        plain.project(),
        plain.models(),
        plain.requests(),
        plain.tokens(),
        plain.budgets(),
        plain.prepaid(),
        plain.maxConcurrent(),
        suspended,
        expiresAt);
  }
}
