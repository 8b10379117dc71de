package ai.oneflow.operator.status;

import ai.oneflow.operator.pace.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What people were told of each resource, in each respect, and so what is news. Whatever goes back
/// and forth is told [#AT_ONCE] times and from then on [#EVERY] so often; its status says the rest.
/// Guarded by its caller.
final class Told {
  static final int AT_ONCE = 10;
  static final Duration EVERY = Duration.ofMinutes(1);

  /// Of those before it the API server knows whether they were told.
  private static final int MOST_IDS = 100;

  private final Map<String, Map<String, Saying>> sayings = new HashMap<>();
  private final Map<String, Set<String>> ids = new HashMap<>();

  /// What is told of.
  ///
  /// @param uid of the resource
  /// @param of the respect: a condition's type, or a reason
  record Subject(String uid, String of) {}

  private static final class Saying {
    private final Pace pace = new Pace(AT_ONCE, EVERY);
    private String words = "";
    private boolean over = true;
  }

  private Saying saying(Subject subject) {
    return sayings
        .computeIfAbsent(subject.uid, _ -> new HashMap<>())
        .computeIfAbsent(subject.of, _ -> new Saying());
  }

  /// Whether nothing was ever told of it.
  boolean isNew(Subject subject) {
    return !sayings.getOrDefault(subject.uid, Map.of()).containsKey(subject.of);
  }

  /// An operator before this one told it.
  void known(Subject subject, String words) {
    Saying saying = saying(subject);
    saying.words = words;
    saying.over = false;
  }

  /// Whether to tell of something that lasts: in other words than before, or again after it was
  /// over. Where that is to be told, it counts as told.
  boolean isNews(Subject subject, String words, Instant now) {
    Saying saying = saying(subject);
    boolean news = (saying.over || !saying.words.equals(words)) && saying.pace.take(now);
    if (news) {
      saying.words = words;
      saying.over = false;
    }
    return news;
  }

  /// Whether to tell of something that happened, be it in the same words as before.
  boolean happens(Subject subject, Instant now) {
    return saying(subject).pace.take(now);
  }

  /// It passed, or nobody heard of it; when it comes again it is news.
  void over(Subject subject) {
    Saying saying = sayings.getOrDefault(subject.uid, Map.of()).get(subject.of);
    if (saying != null) {
      saying.over = true;
    }
  }

  /// Whether what has this id is told for the first time.
  boolean once(String uid, String id) {
    Set<String> known = ids.computeIfAbsent(uid, _ -> new LinkedHashSet<>());
    boolean first = known.add(id);
    if (known.size() > MOST_IDS) {
      known.remove(known.iterator().next());
    }
    return first;
  }

  /// Nobody heard of it.
  void forget(String uid, String id) {
    ids.getOrDefault(uid, Set.of()).remove(id);
  }

  /// Forgets resources that are gone.
  void retain(Collection<String> uids) {
    sayings.keySet().retainAll(uids);
    ids.keySet().retainAll(uids);
  }
}
