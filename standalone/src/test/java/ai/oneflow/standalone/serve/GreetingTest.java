package ai.oneflow.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:8000",
    "0.0.0.0, 127.0.0.1:8000",
    "127.0.0.2, 127.0.0.2:8000",
    "::1, [0:0:0:0:0:0:0:1]:8000"
  })
  void namesAnAddressThatCallersCanUse(String listening, String authority)
      throws UnknownHostException {
    assertThat(Greeting.authority(InetAddress.getByName(listening), 8000)).isEqualTo(authority);
  }
}
