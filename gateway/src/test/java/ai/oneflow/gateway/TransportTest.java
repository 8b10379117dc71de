package ai.oneflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TransportTest {
  /// Without the native library among the gateway's own dependencies Netty falls back in silence.
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void isEpollOnLinux() {
    assertThat(Transport.best()).isEqualTo(Transport.EPOLL);
  }
}
