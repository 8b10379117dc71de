package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;

/// A process that has requests on their way until it is killed: it opens them, lets them produce,
/// redirects and ends some, at random, and says each of these to its output after the ledger took
/// it.
final class OpeningProcess {
  static final int AT_ONCE = 300;
  private static final int MOST_TOKENS = 200;
  private static final int MOST_TOKENS_OF_AN_ATTEMPT = 40;

  private OpeningProcess() {}

  /// Arguments: the journal's folder, the database's file, the first number, a seed.
  public static void main(String[] arguments) throws IOException {
    LedgerDatabase database = LedgerDatabase.sqlite(Path.of(arguments[1]));
    JournaledLedger ledger =
        JournaledLedger.open(
            RecordingProcess.settings(Path.of(arguments[0])),
            () -> SqlLedger.open(database),
            InstantSource.system());
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
    try (OutputStream said = new FileOutputStream(FileDescriptor.out)) {
      run(ledger, random, Long.parseLong(arguments[2]), said);
    }
  }

  private static void run(
      JournaledLedger ledger, SplittableRandom random, long first, OutputStream said)
      throws IOException {
    long number = first;
    OnItsWay[] requests = new OnItsWay[AT_ONCE];
    while (true) {
      int place = random.nextInt(AT_ONCE);
      OnItsWay request = requests[place];
      if (request == null || request.ended) {
        requests[place] = new OnItsWay(ledger, ++number);
        say(said, "open", number, 0);
      } else if (random.nextInt(MOST_TOKENS) == 0) {
        request.ended = true;
        request.opened.end(Openings.end(request.opening, request.tokens));
        say(said, "end", request.opening.inputTokens(), request.tokens);
      } else if (random.nextInt(MOST_TOKENS_OF_AN_ATTEMPT) == 0) {
        request.redirect();
        say(said, "redirect", request.opening.inputTokens(), 0);
      } else {
        request.opened.progress(++request.tokens);
        say(said, "progress", request.opening.inputTokens(), request.tokens);
      }
    }
  }

  private static void say(OutputStream said, String what, long number, long tokens)
      throws IOException {
    said.write((what + " " + number + " " + tokens + ".\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static final class OnItsWay {
    private Opening opening;
    private final Opened opened;
    private long tokens;
    private boolean ended;

    OnItsWay(JournaledLedger ledger, long number) {
      opening = Openings.numbered(number, ledger.nextId(System.currentTimeMillis()));
      opened = ledger.open(opening);
    }

    void redirect() {
      opening = Openings.redirected(opening);
      tokens = 0;
      opened.redirect(opening);
    }
  }
}
