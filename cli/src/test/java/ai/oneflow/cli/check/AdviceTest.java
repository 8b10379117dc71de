package ai.oneflow.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ConditionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {
  private static final Path PAGE =
      Path.of(System.getProperty("oneflow.root", "..")).resolve("docs/troubleshooting.md");

  @Test
  void thePageSaysOfEveryReasonWhatTheDoctorDoes() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(
            Arrays.stream(ConditionReason.values())
                .filter(reason -> !reason.holds())
                .map(r -> "| `%s` | %s | %s |\n".formatted(r.text(), r.meaning(), Advice.of(r)))
                .toArray(String[]::new));
  }

  @Test
  void thereIsAdviceWhereAConditionIsNotTrueAndNoneElse() {
    for (ConditionReason reason : ConditionReason.values()) {
      assertThat(Advice.of(reason).isEmpty()).as(reason.text()).isEqualTo(reason.holds());
      assertThat(Advice.of(reason.text())).isEqualTo(Advice.of(reason));
    }
    assertThat(Advice.of("OfNextYear")).contains("the operator's version");
  }

  @ParameterizedTest
  @CsvSource({
    "oneflow-gateway:dev, FAIL",
    "oneflow-gateway, FAIL",
    "localhost:5000/oneflow-gateway, FAIL",
    "localhost:5000/oneflow-gateway:1.2.3, WARN",
    "r.example.com/g@sha256:0000000000000000000000000000000000000000000000000000000000000000, PASS"
  })
  void anImageIsPinnedByItsDigestAlone(String image, Level level) {
    assertThat(ImageName.judge("x", image).level()).isEqualTo(level);
  }
}
