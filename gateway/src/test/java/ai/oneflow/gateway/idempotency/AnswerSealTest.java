package ai.oneflow.gateway.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnswerSealTest {
  private static final byte[] SECRET = "the caller's key".getBytes(UTF_8);
  private final AnswerSeal seal = new AnswerSeal(SECRET, "name");

  @Property(tries = 200)
  void opensWhatItSealed(@ForAll byte[] plain) {
    assertThat(seal.open(seal.seal(plain))).hasValue(plain);
  }

  @Test
  void sealsTheSameAnewEachTimeAndShowsNothingOfIt() {
    byte[] plain = "a secret completion".getBytes(UTF_8);

    assertThat(seal.seal(plain)).isNotEqualTo(seal.seal(plain));
    assertThat(new String(seal.seal(plain), UTF_8)).doesNotContain("completion");
  }

  @Test
  void opensForNoOtherSecretAndInNoOtherContext() {
    byte[] sealed = seal.seal(new byte[] {1, 2, 3});

    assertThat(new AnswerSeal("another key".getBytes(UTF_8), "name").open(sealed)).isEmpty();
    assertThat(new AnswerSeal(SECRET, "another name").open(sealed)).isEmpty();
  }

  @Property(tries = 100)
  void opensNothingThatWasChanged(@ForAll @IntRange(max = 59) int at) {
    byte[] sealed = seal.seal(new byte[32]);
    sealed[at] ^= 1;

    assertThat(seal.open(sealed)).isEmpty();
  }

  @Test
  void opensNothingThatIsTooShort() {
    assertThat(seal.open(new byte[5])).isEmpty();
    assertThat(seal.open(new byte[12])).isEmpty();
  }

  @Property(tries = 200)
  void readsAnswersAsTheyWereWritten(
      @ForAll @IntRange(min = 100, max = 599) int status,
      @ForAll Map<String, String> headers,
      @ForAll byte[] body) {
    StoredAnswer read =
        StoredAnswer.decode(new StoredAnswer(status, headers, body).encode()).orElseThrow();

    assertThat(read.status()).isEqualTo(status);
    assertThat(read.headers()).isEqualTo(headers);
    assertThat(read.body()).isEqualTo(body);
  }

  @Test
  void readsNothingOutOfWhatNoVersionWrote() {
    byte[] written = new StoredAnswer(200, Map.of("a", "b"), new byte[0]).encode();
    for (int length = 0; length < written.length; length++) {
      assertThat(StoredAnswer.decode(Arrays.copyOf(written, length))).isEmpty();
    }
    written[0]++;
    assertThat(StoredAnswer.decode(written)).isEmpty();
  }
}
