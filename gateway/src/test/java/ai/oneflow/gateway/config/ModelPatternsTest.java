package ai.oneflow.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPatternsTest {

  @Test
  void noPatternPermitsEveryModel() {
    assertThat(new ModelPatterns(List.of()).permit("gpt-4o")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o, true",
    "gpt-4o, gpt-4o-mini, false",
    "gpt-4o, GPT-4o, false",
    "gpt.4o, gpt-4o, false",
    "claude-*, claude-opus, true",
    "claude-*, claude-, true",
    "claude-*, claude, false",
    "*, anything, true",
    "**, anything, true",
    "*-mini, gpt-4o-mini, true",
    "*-mini, gpt-4o-mini-mini, true",
    "*-mini, gpt-4o-mini-max, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXcYb, false",
    "*4*o*, gpt-4o-mini, true",
  })
  void starStandsForAnyText(String pattern, String model, boolean permitted) {
    assertThat(new ModelPatterns(List.of("other", pattern)).permit(model)).isEqualTo(permitted);
  }

  @Test
  void noPatternKeepsAThreadBusy() {
    ModelPatterns patterns = new ModelPatterns(List.of("*a".repeat(126) + "b"));
    String model = "a".repeat(253);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(patterns.permit(model)).isFalse());
  }
}
