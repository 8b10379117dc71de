package ai.oneflow.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TargetTest {
  @Test
  void theTableOfTargetsIsReadable() throws Exception {
    Path table = Path.of(System.getProperty("oneflow.root"), "scripts/bench/targets.yaml");
    assertThat(Target.load(table)).extracting(Target::name).startsWith("mock", "nginx", "relay");
  }

  @Test
  void fillsInWhatItIsGiven() {
    Target filled = target("${port}").filledIn(Map.of("port", "8000"));
    assertThat(filled.command()).containsExactly("serve", "8000");
  }

  @Test
  void namesWhatNothingFillsIn() {
    assertThatThrownBy(() -> target("${prot}").filledIn(Map.of("port", "8000")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing fills in ${prot}; there are [port]");
  }

  private static Target target(String word) {
    return new Target("one", List.of("serve", word), "", "", "gpt-4o");
  }
}
