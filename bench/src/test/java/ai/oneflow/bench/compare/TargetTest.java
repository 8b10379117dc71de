package ai.oneflow.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.bench.compare.Target.Counts;
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
  void streamsAreNotAskedOfTargetsThatCount() {
    Target counting = new Target("one", List.of(), 1, Counts.REDIS, "", "", "gpt-4o");
    assertThat(counting.takes(new Load(true, 8))).isFalse();
    assertThat(counting.takes(new Load(false, 8))).isTrue();
    assertThat(target("").takes(new Load(true, 8))).isTrue();
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
    return new Target("one", List.of("serve", word), 1, Counts.NOTHING, "", "", "gpt-4o");
  }
}
