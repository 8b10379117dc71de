package ai.oneflow.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void defaultsAreThoseOfACluster() {
    Arguments arguments = Arguments.parse(List.of(), Map.of());

    assertThat(arguments.settings().ownNamespace()).isEqualTo("oneflow");
    assertThat(arguments.settings().namespaces()).isEmpty();
    assertThat(arguments.settings().pushAddress().getPort()).isEqualTo(9443);
    assertThat(arguments.settings().pushNames())
        .contains("oneflow-operator.oneflow.svc", "127.0.0.1", "localhost");
    assertThat(arguments.settings().pods().pushAddress())
        .isEqualTo("oneflow-operator.oneflow.svc:9443");
    assertThat(arguments.settings().statusWrites()).isEqualTo(100);
  }

  @Test
  void argumentsWinOverTheEnvironment() {
    Arguments arguments =
        Arguments.parse(
            List.of("--push-port", "0", "--namespaces", "ai, shared", "--push-address", "[::1]:7"),
            Map.of(
                "ONEFLOW_PUSH_PORT",
                "1",
                "ONEFLOW_PUSH_NAMES",
                "10.1.2.3",
                "ONEFLOW_STATUS_WRITES",
                "7"));

    assertThat(arguments.settings().pushAddress().getPort()).isEqualTo(0);
    assertThat(arguments.settings().namespaces()).containsExactlyInAnyOrder("ai", "shared");
    assertThat(arguments.settings().pushNames()).contains("10.1.2.3");
    assertThat(arguments.settings().pods().pushAddress()).isEqualTo("[::1]:7");
    assertThat(arguments.settings().statusWrites()).isEqualTo(7);
  }

  @Test
  void aMistakeIsNamed() {
    assertThatThrownBy(() -> Arguments.parse(List.of("--prot", "1"), Map.of()))
        .hasMessage("there is no argument --prot");
    assertThatThrownBy(() -> Arguments.parse(List.of("--push-port"), Map.of()))
        .hasMessage("argument --push-port needs a value");
    assertThatThrownBy(() -> Arguments.parse(List.of("--push-port", "99999"), Map.of()))
        .hasMessage("--push-port must be a port, 0 to 65535, not '99999'");
    assertThatThrownBy(() -> Arguments.parse(List.of("--push-address", "operator"), Map.of()))
        .hasMessage("--push-address must be host:port, not 'operator'");
    assertThatThrownBy(() -> Arguments.parse(List.of("--status-writes", "0"), Map.of()))
        .hasMessage("--status-writes must be a number a second, 1 to 9999, not '0'");
    assertThatThrownBy(() -> Arguments.parse(List.of("--runbooks", "pages"), Map.of()))
        .hasMessageStartingWith("the page of runbooks must be an http:// or https:// URL");
  }
}
