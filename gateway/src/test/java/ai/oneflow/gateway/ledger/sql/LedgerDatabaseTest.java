package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerDatabaseTest {
  private static final String POSTGRESQL = "jdbc:postgresql://db/oneflow";

  @Test
  void aUrlWithAPasswordIsRefusedWithoutRepeatingIt() {
    String word = "hid" + "den";
    for (String url :
        new String[] {
          POSTGRESQL + "?user=a&password=" + word,
          POSTGRESQL + "?sslPassword=" + word,
          "jdbc:postgresql://a:" + word + "@db/oneflow"
        }) {
      assertThatThrownBy(() -> new LedgerDatabase(url, "", ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ONEFLOW_LEDGER_PASSWORD")
          .hasMessageNotContaining(word);
    }
  }

  @Test
  void showsNeitherUrlNorPassword() {
    assertThat(new LedgerDatabase(POSTGRESQL, "a", "hid" + "den"))
        .hasToString("LedgerDatabase[POSTGRESQL]");
  }

  /// The driver's own default is to wait for ever on a server that vanished without a word.
  @Test
  void aServerThatIsSilentIsGivenUp() {
    assertThat(new LedgerDatabase(POSTGRESQL, "a", "").properties())
        .containsEntry("socketTimeout", "30")
        .containsEntry("tcpKeepAlive", "true");
  }

  /// Sums of a large ledger take minutes in which nothing is said, and are waited for.
  @ParameterizedTest
  @CsvSource({"LITTLE, 30", "MUCH, 600"})
  void aServerThatFallsSilentWhileItIsReadIsGivenUp(Reads reads, String seconds) {
    assertThat(new LedgerDatabase(POSTGRESQL, "a", "").readingProperties(reads))
        .containsEntry("socketTimeout", seconds)
        .containsEntry("tcpKeepAlive", "true");
  }
}
