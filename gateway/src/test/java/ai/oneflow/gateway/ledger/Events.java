package ai.oneflow.gateway.ledger;

import ai.oneflow.gateway.dialect.Usage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Usage events to test with; the number of one is its input tokens.
public final class Events {
  public static final Caller ALICE = new Caller("ai", "search-key", "alice", "search");
  public static final Caller BOB = new Caller("ai", "chat-key", "bob, \"the\" Bär", "");
  public static final Destination CHAT =
      new Destination("chat.completions", "smart", "ai", "openai", "gpt-4o");
  public static final Destination EMBEDDINGS =
      new Destination("embeddings", "embed", "ai", "openai", "text-embedding-3-small");
  public static final Ending COMPLETED = new Ending(Outcome.COMPLETED, 200, true, 1_500_000);
  public static final long NOW = 1_767_225_600_123L;

  private static final FailedAttempt AWAY = new FailedAttempt(CHAT, Outcome.PROVIDER_FAILED, 0);
  private static final FailedAttempt HALF_AN_ANSWER =
      new FailedAttempt(EMBEDDINGS, Outcome.PROVIDER_FAILED, 77);

  private final EventIds ids;

  public Events(long seed) {
    this.ids = new EventIds(new SplittableRandom(seed));
  }

  public UsageEvent numbered(long number) {
    return numbered(number, ids.next(NOW + number));
  }

  public static UsageEvent numbered(long number, EventId id) {
    Caller caller = number % 2 == 0 ? ALICE : BOB;
    Destination destination = number % 3 == 0 ? EMBEDDINGS : CHAT;
    Usage usage = new Usage(number, 1, 0, 0, 0, 2 * number, 0, 0);
    Cost cost = new Cost(ChargeState.PRICED, 1_000 * number, "v1");
    return new UsageEvent(id, caller, destination, COMPLETED, usage, UsageSource.PROVIDER, cost);
  }

  /// After three attempts that failed.
  public UsageEvent numberedAfterFailures(long number) {
    return numbered(number).withFailed(List.of(AWAY, HALF_AN_ANSWER, AWAY));
  }

  public List<UsageEvent> many(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(this::numbered).toList();
  }
}
