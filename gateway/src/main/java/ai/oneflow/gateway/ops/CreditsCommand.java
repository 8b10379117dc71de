package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.CreditBook.Balance;
import ai.oneflow.gateway.ledger.sql.CreditBook.Outcome;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.Migrations;
import ai.oneflow.gateway.ledger.sql.TopUp;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `oneflow credits`: pays credits in for keys that spend in advance, and says what they have left.
@Command(
    name = "credits",
    mixinStandardHelpOptions = true,
    description = "Tops up keys that spend in advance, and shows what they have left.")
final class CreditsCommand implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int UNREADABLE = 69;

  private final InstantSource clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  CreditsCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: top-up, balance or list");
  }

  @Command(
      name = "top-up",
      mixinStandardHelpOptions = true,
      description = {
        "Pays credits in. The same reference again changes nothing: with the same amount it is",
        "a success, with another an error."
      })
  int topUp(
      @Option(names = "--key", required = true, description = "namespace/name of the ApiKey.")
          String key,
      @Option(names = "--amount", required = true, description = "Such as 50.00.") String amount,
      @Option(names = "--unit", defaultValue = "USD", description = "USD or Credits.") String unit,
      @Option(
              names = "--reference",
              required = true,
              description = "What the payment is known by elsewhere, such as an invoice.")
          String reference,
      @Option(names = "--comment", defaultValue = "", description = "One line.") String comment,
      @Mixin LedgerArguments ledger) {
    String by = System.getProperty("user.name", "");
    TopUp topUp;
    LedgerDatabase database;
    try {
      topUp = new TopUpRequest(key, amount, unit, reference, by, comment).at(clock.instant());
      database = ledger.database();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return answer(
        () -> {
          Migrations.apply(database);
          return said(CreditBook.of(database).topUp(topUp));
        });
  }

  @Command(
      name = "balance",
      mixinStandardHelpOptions = true,
      description = "Shows what a key has left.")
  int balance(
      @Option(names = "--key", required = true, description = "namespace/name of the ApiKey.")
          String key,
      @Mixin LedgerArguments ledger) {
    KeyName name = name(key);
    CreditBook book = book(ledger);
    return answer(
        () -> {
          Balance balance = book.balance(name);
          spec.commandLine()
              .getOut()
              .printf(
                  "%s has %s credits left: %s topped up, %s spent%n",
                  name,
                  Amount.credits(balance.left()),
                  Amount.credits(balance.toppedUp()),
                  Amount.credits(balance.spent()));
          return 0;
        });
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists a key's top-ups, the first one first, with its balance, as JSON.")
  int list(
      @Option(names = "--key", required = true, description = "namespace/name of the ApiKey.")
          String key,
      @Mixin LedgerArguments ledger) {
    KeyName name = name(key);
    CreditBook book = book(ledger);
    return answer(
        () -> {
          List<TopUp> topUps = book.topUps(name);
          spec.commandLine().getOut().print(CreditsJson.balance(name, book.balance(name), topUps));
          return 0;
        });
  }

  private interface Question {
    int ask() throws SQLException;
  }

  private int answer(Question question) {
    try {
      int code = question.ask();
      spec.commandLine().getOut().flush();
      return code;
    } catch (SQLException e) {
      spec.commandLine().getErr().println("the ledger cannot be used: " + e.getMessage());
      return UNREADABLE;
    }
  }

  private int said(Outcome outcome) {
    switch (outcome) {
      case Outcome.Added(TopUp topUp) ->
          spec.commandLine().getOut().printf("topped up: %s%n", shown(topUp));
      case Outcome.AlreadyThere(TopUp topUp) ->
          spec.commandLine().getOut().printf("already there: %s%n", shown(topUp));
      case Outcome.Contradicts(TopUp earlier) -> {
        spec.commandLine()
            .getErr()
            .printf("this reference has another amount already: %s%n", shown(earlier));
        return REFUSED;
      }
    }
    return 0;
  }

  private static String shown(TopUp topUp) {
    return "%s +%s credits, reference %s, %s"
        .formatted(
            topUp.key(),
            Amount.credits(BigInteger.valueOf(topUp.picoDollars())),
            topUp.reference(),
            Instant.ofEpochMilli(topUp.atMillis()));
  }

  private KeyName name(String key) {
    try {
      return KeyName.parse(key);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private CreditBook book(LedgerArguments ledger) {
    try {
      return CreditBook.of(ledger.database());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
