package ai.oneflow.gateway.quota;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// At most so much of one unit in one span: a counter, and what it may hold. Limits that share a
/// counter count together. Made when configuration is compiled.
///
/// @param counter names the counter: what set the limit, a `|` before each further part, as in
///     `key|ai/search|requests|60s`. Equal for as long as counting shall go on when configuration
///     changes, so the amount is not in it
/// @param subject whom it speaks of, for a person: `key search/ci`, `project search`
/// @param amount what the span may hold at most, in the unit; 0 lets nothing through
/// @param degradeTo the public model to ask instead; empty unless the binding is `DEGRADE`
/// @param warnAt percentages of the amount that are reported when they are first reached
public record Limit(
    String counter,
    String subject,
    Unit unit,
    Span span,
    long amount,
    Binding binding,
    WhenAway whenAway,
    String degradeTo,
    List<Integer> warnAt) {

  public Limit {
    if (amount < 0) {
      throw new IllegalArgumentException("a limit's amount must not be negative: " + amount);
    }
    warnAt = List.copyOf(warnAt);
  }

  /// A limit that refuses what does not fit.
  public static Limit hard(String counter, String subject, Unit unit, Span span, long amount) {
    return new Limit(
        counter, subject, unit, span, amount, Binding.HARD, WhenAway.LOCAL_SHARE, "", List.of());
  }

  /// What set the limit: `key ai/search`, `policy ai/total`.
  public String origin() {
    String[] parts = counter.split("\\|", 3);
    return parts.length < 2 ? counter : parts[0] + " " + parts[1];
  }

  /// Whether what counts was spent, and counts until a period ends or for ever.
  public boolean isLasting() {
    return !(span instanceof Span.Sliding) && unit != Unit.CONCURRENT;
  }

  /// Whether it refuses while nobody can tell what it has left: a window may be guessed for a while
  /// unless its policy forbids it, what was spent may not unless its policy allows it.
  public boolean mustNotBeGuessed() {
    boolean guessable =
        whenAway == WhenAway.ALLOW
            || unit == Unit.CONCURRENT
            || (span instanceof Span.Sliding && whenAway != WhenAway.DENY);
    return binding.binds() && !guessable;
  }

  /// The counter's name without the values of what a policy counts by itself: equal for all that
  /// one budget of a policy makes.
  public String mark() {
    return mark(counter);
  }

  /// As [#mark()], of a counter by its name.
  public static String mark(String counter) {
    if (counter.indexOf('=') < 0) {
      return counter;
    }
    return Arrays.stream(counter.split("\\|"))
        .filter(part -> part.indexOf('=') < 0)
        .collect(Collectors.joining("|"));
  }

  /// The same counter with another binding.
  public Limit bound(Binding other) {
    return new Limit(counter, subject, unit, span, amount, other, whenAway, degradeTo, warnAt);
  }

  /// The same counter with another amount.
  public Limit of(long other) {
    return new Limit(counter, subject, unit, span, other, binding, whenAway, degradeTo, warnAt);
  }
}
