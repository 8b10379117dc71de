package ai.oneflow.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallerTest {
  @Test
  void refusesTextsThatSqlOrTheJournalCouldNotHold() {
    assertThatThrownBy(() -> new Caller("ai", "key", "a\0b", ""))
        .hasMessage("a user must not hold a NUL character");
    assertThatThrownBy(() -> new Caller("ai", "key", "alice", "x".repeat(513)))
        .hasMessage("a project must have at most 512 characters, not 513");
  }
}
