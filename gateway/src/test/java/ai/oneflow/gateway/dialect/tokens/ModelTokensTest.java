package ai.oneflow.gateway.dialect.tokens;

import static ai.oneflow.gateway.dialect.Surface.CHAT_COMPLETIONS;
import static ai.oneflow.gateway.dialect.Surface.COMPLETIONS;
import static ai.oneflow.gateway.dialect.Surface.EMBEDDINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.oneflow.gateway.dialect.Surface;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelTokensTest {
  private static final ModelTokens GPT =
      ModelTokens.of("gpt-4o", 128_000, 16_384).keepingToNewLength();
  private static final ModelTokens OTHER = ModelTokens.of("some-model", 0, 0);
  private static final PromptSize UNSEEN = new PromptSize(100, 100, 1, 0, 0, true);

  @Test
  void takesABytePerTokenOfText() {
    assertThat(GPT.inputBound(CHAT_COMPLETIONS, PromptSize.ofText(700))).isEqualTo(700);
  }

  @Test
  void addsWhatNobodySentForModelsOfOtherHouses() {
    assertThat(OTHER.inputBound(CHAT_COMPLETIONS, PromptSize.ofText(700))).isEqualTo(1724);
    assertThat(
            ModelTokens.of("openai/gpt-oss-20b", 0, 0)
                .inputBound(CHAT_COMPLETIONS, PromptSize.ofText(700)))
        .isEqualTo(1724);
    assertThat(OTHER.inputBound(EMBEDDINGS, PromptSize.ofText(700))).isEqualTo(700);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o,1445",
    "gpt-4o-2024-08-06,1445",
    "openai/gpt-4o,1445",
    "gpt-4.1,1445",
    "gpt-4o-mini,48169",
    "gpt-4o-mini-2024-07-18,48169",
    "ft:gpt-4o-mini:team::id,48169",
    "gpt-4.1-mini,3779",
    "gpt-5-nano-2025-08-07,3779",
    "o4-mini,3779",
    "o3,1445",
    "gpt-5.4,16384",
    "o100,16384",
    "claude-sonnet-4-5,16384"
  })
  void takesThePictureThatCostsMostAtTheModel(String model, long tokens) {
    assertThat(ModelTokens.of(model, 0, 0).imageTokens()).isEqualTo(tokens);
  }

  @Test
  void addsPicturesAndSound() {
    assertThat(GPT.inputBound(CHAT_COMPLETIONS, new PromptSize(100, 100, 1, 2, 301, false)))
        .isEqualTo(100 + 2 * 1445 + 101);
  }

  @Test
  void takesTheWindowForWhatItCannotSee() {
    assertThat(GPT.inputBound(CHAT_COMPLETIONS, UNSEEN)).isEqualTo(128_000);
    assertThat(OTHER.inputBound(CHAT_COMPLETIONS, UNSEEN)).isEqualTo(1 << 20);
    assertThat(GPT.inputBound(COMPLETIONS, UNSEEN)).isEqualTo(128_100);
  }

  @Test
  void takesNoMoreThanTheWindowForAChat() {
    PromptSize huge = PromptSize.ofText(1_000_000);

    assertThat(GPT.inputBound(CHAT_COMPLETIONS, huge)).isEqualTo(128_000);
    assertThat(GPT.inputBound(EMBEDDINGS, huge)).isEqualTo(1_000_000);
  }

  @Test
  void believesTheCallersLength() {
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, cap(50, OutputCap.NONE))).isEqualTo(50);
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, cap(50, 70))).isEqualTo(70);
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, cap(0, OutputCap.NONE))).isEqualTo(0);
  }

  @Test
  void believesTheNewerNameOfALengthOnlyWhereItIsKeptTo() {
    OutputCap newer = cap(OutputCap.NONE, 1);

    assertThat(GPT.outputBound(CHAT_COMPLETIONS, newer)).isEqualTo(1);
    assertThat(GPT.outputBound(COMPLETIONS, newer)).isEqualTo(16_384);
    assertThat(OTHER.outputBound(CHAT_COMPLETIONS, newer)).isEqualTo(131_072);
    assertThat(OTHER.outputBound(CHAT_COMPLETIONS, cap(50, 1))).isEqualTo(50);
    assertThat(OTHER.outputBound(CHAT_COMPLETIONS, cap(50, 70))).isEqualTo(70);
  }

  @Test
  void takesNoMoreThanTheModelCanWrite() {
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, cap(1_000_000, OutputCap.NONE))).isEqualTo(16_384);
    assertThat(ModelTokens.of("m", 8_192, 0).outputBound(CHAT_COMPLETIONS, cap(9_000, 1)))
        .isEqualTo(8_192);
  }

  @Test
  void takesAllThatTheModelCanWriteWhereNoLengthIsGiven() {
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, OutputCap.UNSAID)).isEqualTo(16_384);
    assertThat(OTHER.outputBound(CHAT_COMPLETIONS, OutputCap.UNSAID)).isEqualTo(131_072);
  }

  @Test
  void multipliesByChoicesAndPrompts() {
    OutputCap cap = new OutputCap(10, OutputCap.NONE, 3, 4, 0);

    assertThat(GPT.outputBound(CHAT_COMPLETIONS, cap)).isEqualTo(30);
    assertThat(GPT.outputBound(COMPLETIONS, cap)).isEqualTo(120);
    assertThat(GPT.outputBound(EMBEDDINGS, cap)).isEqualTo(0);
  }

  @Test
  void addsAPredictionToTheAnswer() {
    assertThat(GPT.outputBound(CHAT_COMPLETIONS, new OutputCap(10, OutputCap.NONE, 1, 1, 400)))
        .isEqualTo(410);
  }

  @Property
  void boundsArePositiveAndGrowWithTheRequest(
      @ForAll Surface surface,
      @ForAll @LongRange(min = 0, max = 1L << 60) long size,
      @ForAll @IntRange(min = 0) int images,
      @ForAll @LongRange(min = -1, max = 1L << 60) long length,
      @ForAll @IntRange(min = 1) int count) {
    PromptSize prompt = new PromptSize(size, size, images, images, size, false);
    PromptSize larger = new PromptSize(size + 1, size, images, images, size, true);
    OutputCap cap = new OutputCap(length, length, count, count, size);

    assertThat(OTHER.inputBound(surface, prompt)).isBetween(0L, OTHER.inputBound(surface, larger));
    assertThat(OTHER.inputBound(surface, larger)).isLessThanOrEqualTo(1_000_000_000_000L);
    assertThat(OTHER.inputEstimate(prompt)).isBetween(0L, 1_000_000_000_000L);
    assertThat(OTHER.outputBound(surface, cap)).isBetween(0L, 1_000_000_000_000L);
  }

  @Test
  void estimatesAPromptByWhatTheModelReads() {
    assertThat(GPT.inputEstimate(new PromptSize(900, 401, 2, 0, 0, false))).isEqualTo(101 + 11);
    assertThat(GPT.inputEstimate(new PromptSize(900, 0, 1, 2, 2048, true)))
        .isEqualTo(7 + 2 * 722 + 2);
    assertThat(GPT.inputEstimate(PromptSize.ofText(400))).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o,O200K_BASE",
    "gpt-4o-mini,O200K_BASE",
    "gpt-4.1-nano,O200K_BASE",
    "gpt-5,O200K_BASE",
    "o1,O200K_BASE",
    "o3-mini,O200K_BASE",
    "openai/gpt-oss-120b,O200K_BASE",
    "gpt-4,CL100K_BASE",
    "gpt-4-turbo-2024-04-09,CL100K_BASE",
    "gpt-3.5-turbo,CL100K_BASE",
    "text-embedding-3-small,CL100K_BASE",
    "o100,",
    "gpt-40,",
    "llama-3.3-70b,",
    "'',"
  })
  void knowsTheTokenizerByTheName(String model, Tokenizer tokenizer) {
    assertThat(Tokenizer.of(model).orElse(null)).isEqualTo(tokenizer);
  }

  @Test
  void refusesSizesBelowZero() {
    assertThatIllegalArgumentException().isThrownBy(() -> PromptSize.ofText(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new OutputCap(-2, -1, 1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new OutputCap(-1, -1, 0, 1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelTokens(Optional.empty(), 1, 1, -1, 1, true));
  }

  private static OutputCap cap(long maxTokens, long maxCompletionTokens) {
    return new OutputCap(maxTokens, maxCompletionTokens, 1, 1, 0);
  }

  @Test
  void estimatesBetterWhereTextWasCounted() {
    PromptSize prompt = new PromptSize(1000, 800, 2, 0, 0, false);

    assertThat(GPT.inputEstimate(prompt, new TextTokens(600, 100))).isEqualTo(100 + 50 + 11);
    assertThat(GPT.inputEstimate(prompt, TextTokens.NONE)).isEqualTo(GPT.inputEstimate(prompt));
    assertThat(GPT.inputEstimate(prompt, new TextTokens(900, 100))).isEqualTo(100 + 11);
    assertThat(GPT.outputEstimate(new OutputSize(900, 1), new TextTokens(900, 300))).isEqualTo(300);
    assertThat(GPT.outputEstimate(new OutputSize(1800, 1), new TextTokens(900, 300)))
        .isEqualTo(600);
    assertThat(GPT.outputEstimate(new OutputSize(900, 400), new TextTokens(900, 300)))
        .isEqualTo(400);
    assertThat(GPT.outputEstimate(new OutputSize(900, 1), TextTokens.NONE)).isEqualTo(225);
  }
}
