package ai.oneflow.gateway.exchange.admit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.admit.Admission.Denied;
import ai.oneflow.gateway.exchange.admit.Admission.Granted;
import ai.oneflow.gateway.exchange.admit.Admission.Standing;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.snapshot.RateLimit;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AdmitterTest {
  private static final RateLimit THREE_A_MINUTE = new RateLimit(3, Duration.ofMinutes(1));
  private static final RateLimit FIVE_AN_HOUR = new RateLimit(5, Duration.ofHours(1));

  private long nowNanos;
  private boolean ledgerAccepts = true;
  private final Admitter admitter = new Admitter(() -> ledgerAccepts, () -> nowNanos);

  @Test
  void letsThroughWhatIsNotLimited() {
    assertThat(ask(key(List.of()))).isInstanceOf(Granted.class);
    assertThat(ask(key(List.of())).standing()).isEmpty();
  }

  @Test
  void refusesAModelThatTheKeyMayNotAskFor() {
    CompiledKey key = Configurations.key("search", List.of("claude-*"), List.of(THREE_A_MINUTE));

    assertThat(denied(ask(key)).error().code()).isEqualTo(ErrorCode.MODEL_NOT_PERMITTED);
    assertThat(denied(ask(key)).error().param()).isEqualTo("model");
  }

  @Test
  void refusesWhatCouldNotBeRecorded() {
    ledgerAccepts = false;

    assertThat(denied(ask(key(List.of()))).error().code()).isEqualTo(ErrorCode.LEDGER_UNAVAILABLE);
  }

  @Test
  void countsDownToTheLimitAndRefusesBeyondIt() {
    CompiledKey key = key(List.of(THREE_A_MINUTE));

    assertThat(standing(ask(key)).remaining()).isEqualTo(2);
    assertThat(standing(ask(key)).remaining()).isEqualTo(1);
    assertThat(standing(ask(key)).remaining()).isZero();
    Denied denied = denied(ask(key));
    assertThat(denied.error().code()).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(denied.error().message())
        .isEqualTo("Limit of 3 requests in 60 seconds reached for this key.");
    assertThat(denied.standing()).contains(new Standing(3, 0, 61_000));
  }

  @Test
  void letsInAgainExactlyWhenItSaid() {
    CompiledKey key = key(List.of(THREE_A_MINUTE));
    for (int i = 0; i < 3; i++) {
      ask(key);
      nowNanos += TimeUnit.SECONDS.toNanos(7);
    }
    long wait = denied(ask(key)).error().retryAfter().orElseThrow().toNanos();

    nowNanos += wait - 1;
    assertThat(ask(key)).isInstanceOf(Denied.class);
    nowNanos += 1;
    assertThat(ask(key)).isInstanceOf(Granted.class);
    assertThat(ask(key)).isInstanceOf(Denied.class);
  }

  @Test
  void aRefusalByOneLimitTakesNothingFromTheOthers() {
    CompiledKey key = key(List.of(THREE_A_MINUTE, FIVE_AN_HOUR));
    for (int i = 0; i < 50; i++) {
      ask(key);
    }
    nowNanos += TimeUnit.SECONDS.toNanos(61);

    assertThat(standing(ask(key))).extracting(Standing::limit).isEqualTo(5L);
    assertThat(ask(key)).isInstanceOf(Granted.class);
    assertThat(denied(ask(key)).standing().orElseThrow().limit()).isEqualTo(5);
  }

  @Test
  void namesTheLimitThatOpensLast() {
    CompiledKey key =
        key(List.of(new RateLimit(1, Duration.ofMinutes(1)), new RateLimit(1, Duration.ofDays(1))));
    ask(key);

    Denied denied = denied(ask(key));

    assertThat(denied.error().retryAfter().orElseThrow())
        .isGreaterThanOrEqualTo(Duration.ofDays(1));
    assertThat(denied.error().message()).contains("86400 seconds");
  }

  @Test
  void aLimitOfZeroLetsNothingThrough() {
    Denied denied = denied(ask(key(List.of(new RateLimit(0, Duration.ofHours(1))))));

    assertThat(denied.error().retryAfter()).contains(Duration.ofHours(1));
  }

  @Test
  void countsEveryKeyByItself() {
    CompiledKey one = Configurations.key("one", List.of(), List.of(THREE_A_MINUTE));
    CompiledKey other = Configurations.key("other", List.of(), List.of(THREE_A_MINUTE));
    ask(one);

    assertThat(standing(ask(other)).remaining()).isEqualTo(2);
  }

  @Test
  void keepsCountingWhenAKeyIsCompiledAnew() {
    ask(key(List.of(THREE_A_MINUTE)));

    assertThat(standing(ask(key(List.of(THREE_A_MINUTE)))).remaining()).isEqualTo(1);
  }

  @Test
  void countsAnewWhenTheLimitsChange() {
    ask(key(List.of(THREE_A_MINUTE)));

    assertThat(standing(ask(key(List.of(FIVE_AN_HOUR)))).remaining()).isEqualTo(4);
  }

  @Test
  void forgetsKeysThatAreNoMore() {
    CompiledKey key = key(List.of(THREE_A_MINUTE));
    ask(key);
    admitter.keepOnly(Set.of());

    assertThat(standing(ask(key)).remaining()).isEqualTo(2);
  }

  private Admission ask(CompiledKey key) {
    OpenAiRequest fields =
        new OpenAiRequest(
            "smart",
            new OpenAiRequest.Span(0, 0),
            false,
            new OpenAiRequest.StreamOptions.Absent(),
            1,
            PromptSize.ofText(9),
            OutputCap.UNSAID);
    return admitter.admit(
        key, new ParsedRequest(Surface.CHAT_COMPLETIONS, fields, Unpooled.EMPTY_BUFFER));
  }

  private static CompiledKey key(List<RateLimit> requests) {
    return Configurations.key("search", List.of(), requests);
  }

  private static Denied denied(Admission admission) {
    return switch (admission) {
      case Denied denied -> denied;
      case Granted granted -> throw new AssertionError("was granted: " + granted);
    };
  }

  private static Standing standing(Admission admission) {
    return admission.standing().orElseThrow();
  }
}
