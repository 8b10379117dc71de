package ai.oneflow.gateway.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One who claims one name and does with its turn what [NameModel] has steps for, said in the same
/// words. For one thread.
public final class NameCaller {
  private final Replays replays;
  private final String name;
  private final int number;
  private @Nullable Turn turn;

  /// @param number by which its answer is known
  public NameCaller(Replays replays, String name, int number) {
    this.replays = replays;
    this.name = name;
    this.number = number;
  }

  public String claim(String body) {
    if (turn != null) {
      return "has a turn";
    }
    CompletableFuture<Claim> claim = new CompletableFuture<>();
    Identity identity = new Identity(name, body, new AnswerSeal(new byte[] {1}, name));
    replays.claim(identity, Runnable::run, claim::complete);
    return seen(claim.isDone() ? claim.join() : claim.orTimeout(30, TimeUnit.SECONDS).join());
  }

  private String seen(Claim claim) {
    return switch (claim) {
      case Claim.First(var first) -> {
        turn = first;
        yield "first";
      }
      case Claim.Concluded(Conclusion.Kept(var answer)) ->
          "answered by " + new String(answer.body(), UTF_8);
      case Claim.Concluded(Conclusion.NotKept()) -> "not kept";
      case Claim.UnderWay() -> "under way";
      case Claim.Mismatch() -> "mismatch";
      case Claim.Unreachable() -> "unreachable";
    };
  }

  public String renew() {
    if (turn == null) {
      return "no turn";
    }
    turn.renew();
    return "done";
  }

  public String conclude() {
    if (turn == null) {
      return "no turn";
    }
    byte[] body = ("caller " + number).getBytes(UTF_8);
    turn.conclude(new Conclusion.Kept(new StoredAnswer(200, Map.of(), body)));
    turn = null;
    return "done";
  }

  public String letGo() {
    if (turn == null) {
      return "no turn";
    }
    turn.letGo();
    turn = null;
    return "done";
  }
}
