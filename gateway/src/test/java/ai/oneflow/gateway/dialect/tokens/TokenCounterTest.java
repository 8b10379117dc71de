package ai.oneflow.gateway.dialect.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenCounterTest {
  private final TokenCounter counter = new TokenCounter();

  @AfterEach
  void close() {
    counter.close();
  }

  /// The examples of OpenAI's cookbook on counting tokens.
  @ParameterizedTest
  @CsvSource({
    "CL100K_BASE,antidisestablishmentarianism,6",
    "CL100K_BASE,2 + 2 = 4,7",
    "CL100K_BASE,お誕生日おめでとう,9",
    "O200K_BASE,antidisestablishmentarianism,6",
    "O200K_BASE,2 + 2 = 4,7",
    "O200K_BASE,お誕生日おめでとう,8",
    "O200K_BASE,<|endoftext|>,7"
  })
  void countsAsTheModelDoes(Tokenizer tokenizer, String text, long tokens) throws Exception {
    assertThat(count(tokenizer, text).tokens()).isEqualTo(tokens);
  }

  @Test
  void addsUpTextsAndTheirBytes() throws Exception {
    assertThat(count(Tokenizer.O200K_BASE, "2 + 2 = 4", "", "né"))
        .isEqualTo(new TextTokens(9 + 3, 7 + 1));
  }

  @Test
  void leavesWhatIsTooLongUncounted() throws Exception {
    String long256 = "ab ".repeat(TokenCounter.MOST_BYTES);

    assertThat(count(Tokenizer.CL100K_BASE, "2 + 2 = 4", long256, "more"))
        .isEqualTo(new TextTokens(9, 7));
  }

  @Test
  void countsNothingWhereTheTextsCannotBeRead() throws Exception {
    CompletableFuture<TextTokens> counted =
        counter.count(
            Tokenizer.CL100K_BASE,
            () -> {
              throw new IllegalStateException("no text");
            });

    assertThat(counted.get(20, TimeUnit.SECONDS)).isEqualTo(TextTokens.NONE);
  }

  @Test
  void countsNothingForThoseThatItHasNoRoomFor() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    List<CompletableFuture<TextTokens>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(counter.count(Tokenizer.CL100K_BASE, () -> waiting(free)));
    }

    assertThat(all).filteredOn(CompletableFuture::isDone).hasSizeBetween(35, 36);
    free.countDown();
    for (CompletableFuture<TextTokens> each : all) {
      assertThat(each.get(20, TimeUnit.SECONDS).tokens()).isIn(0L, 7L);
    }
  }

  private static List<String> waiting(CountDownLatch free) {
    try {
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of("2 + 2 = 4");
  }

  @Test
  void countsNothingOnceItIsClosed() throws Exception {
    counter.close();

    assertThat(count(Tokenizer.CL100K_BASE, "2 + 2 = 4")).isEqualTo(TextTokens.NONE);
  }

  private TextTokens count(Tokenizer tokenizer, String... texts) throws Exception {
    return counter.count(tokenizer, () -> List.of(texts)).get(20, TimeUnit.SECONDS);
  }
}
