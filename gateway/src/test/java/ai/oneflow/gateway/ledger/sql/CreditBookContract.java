package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.sql.CreditBook.Balance;
import ai.oneflow.gateway.ledger.sql.CreditBook.Outcome;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Prepaid credits, in either database.
interface CreditBookContract {
  KeyName SEARCH = new KeyName("ai", "search-key");
  KeyName CHAT = new KeyName("ai", "chat-key");

  /// An empty database.
  LedgerDatabase database() throws SQLException;

  @Test
  default void aReferenceIsPaidInOnceForAKey() throws SQLException {
    CreditBook book = book();
    TopUp first = topUp(SEARCH, "7", 50);
    TopUp later = new TopUp(SEARCH, "7", 50, 99, "bob", "again");

    assertThat(book.topUp(first)).isEqualTo(new Outcome.Added(first));
    assertThat(book.topUp(later)).isEqualTo(new Outcome.AlreadyThere(first));
    assertThat(book.topUp(topUp(SEARCH, "7", 51))).isEqualTo(new Outcome.Contradicts(first));
    assertThat(book.topUp(topUp(CHAT, "7", 51))).isInstanceOf(Outcome.Added.class);
    assertThat(book.topUps(SEARCH)).containsExactly(first);
  }

  @Test
  default void ofManyWhoTopUpTogetherUnderOneReferenceOneAdds() throws Exception {
    CreditBook book = book();
    List<Callable<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(() -> book.topUp(topUp(SEARCH, "7", 50)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Outcome> each : threads.invokeAll(all)) {
        outcomes.add(each.get());
      }
    }

    assertThat(outcomes).filteredOn(each -> each instanceof Outcome.Added).hasSize(1);
    assertThat(outcomes).filteredOn(each -> each instanceof Outcome.AlreadyThere).hasSize(19);
    assertThat(book.balance(SEARCH).toppedUp()).isEqualTo(50);
  }

  @Test
  default void whatIsLeftIsWhatWasPaidInLessWhatWasSpent() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", new Events(1).many(4));
    }
    CreditBook book = CreditBook.of(database);
    book.topUp(topUp(SEARCH, "1", 5_000));
    book.topUp(topUp(SEARCH, "2", 3_000));

    Balance search = book.balance(SEARCH);
    assertThat(search).isEqualTo(new Balance(BigInteger.valueOf(8_000), BigInteger.valueOf(6_000)));
    assertThat(search.left()).isEqualTo(2_000);
    assertThat(book.balance(CHAT).left()).isEqualTo(-4_000);
    assertThat(book.toppedUp()).isEqualTo(Map.of(SEARCH, BigInteger.valueOf(8_000)));
    assertThat(book.spent())
        .isEqualTo(Map.of(SEARCH, BigInteger.valueOf(6_000), CHAT, BigInteger.valueOf(4_000)));
  }

  @Test
  default void creditsBeyond64BitsAreSummedExactly() throws SQLException {
    CreditBook book = book();
    for (int i = 0; i < 3; i++) {
      book.topUp(topUp(SEARCH, "reference " + i, Long.MAX_VALUE));
    }

    BigInteger sum = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3));
    assertThat(book.balance(SEARCH).left()).isEqualTo(sum);
    assertThat(book.toppedUp()).isEqualTo(Map.of(SEARCH, sum));
  }

  @Test
  default void theDatabaseItselfRefusesToChangeOrForgetATopUp() throws SQLException {
    LedgerDatabase database = database();
    SqlLedger.open(database).close();
    CreditBook.of(database).topUp(topUp(SEARCH, "7", 50));

    for (String statement :
        List.of("UPDATE credit_top_up SET pico_dollars = 51", "DELETE FROM credit_top_up")) {
      assertThatThrownBy(() -> execute(database, statement))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("top-ups are only added");
    }
  }

  private CreditBook book() throws SQLException {
    LedgerDatabase database = database();
    SqlLedger.open(database).close();
    return CreditBook.of(database);
  }

  private static TopUp topUp(KeyName key, String reference, long picoDollars) {
    return new TopUp(key, reference, picoDollars, 10, "ann", "");
  }

  private static void execute(LedgerDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connectToWrite();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
