package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Splitting;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the words of a script. What a script does not say is as in `defaults`.
final class ScriptReader {
  private static final Pattern PAIR = Pattern.compile("([a-z-]+)=(?:'([^']*)'|([^\\s,']*))[\\s,]*");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(us|ms|s|m)");
  private static final Set<String> WORDS =
      new TreeSet<>(
          List.of(
              "outcome",
              "status",
              "retry-after",
              "body",
              "content-type",
              "at",
              "after",
              "bytes",
              "first-byte",
              "gap",
              "jitter",
              "tokens",
              "tool-calls",
              "seed",
              "split",
              "close",
              "usage",
              "prompt-tokens",
              "completion-tokens",
              "cached-tokens",
              "reasoning-tokens",
              "mark"));

  private final Script defaults;

  ScriptReader(Script defaults) {
    this.defaults = defaults;
  }

  Script read(String text) {
    Words words = new Words(pairs(text.strip()));
    return new Script(
        outcome(words),
        timing(words),
        shape(words),
        usage(words),
        words.text("mark", defaults.mark()));
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException(
            "a script is key=value pairs; cannot read on from: " + text.substring(at));
      }
      String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      pairs.put(known(matcher.group(1)), value);
      at = matcher.end();
    }
    return pairs;
  }

  private static String known(String word) {
    if (!WORDS.contains(word)) {
      throw new IllegalArgumentException("a script knows no `" + word + "=`, only " + WORDS);
    }
    return word;
  }

  private Outcome outcome(Words words) {
    if (!words.has("outcome")) {
      return words.has("status") ? words.fixed("application/json") : defaults.outcome();
    }
    return switch (words.text("outcome", "")) {
      case "answer" -> new Outcome.Answer();
      case "status" -> words.fixed("application/json");
      case "html" -> words.fixed("text/html; charset=utf-8");
      case "reset" -> new Outcome.Reset(words.point());
      case "truncate" -> new Outcome.Truncate(words.point());
      case "half-stream" -> new Outcome.HalfStream(words.point());
      case "stall" -> new Outcome.Stall(words.point());
      case "error-event" -> new Outcome.ErrorEvent(words.point());
      case "garbage-events" -> new Outcome.GarbageEvents();
      case "garbage-event" -> new Outcome.GarbageEvent(words.point());
      case "bad-chunk" -> new Outcome.BadChunk(words.point());
      case "huge-headers" -> new Outcome.HugeHeaders(words.number("bytes", 200_000));
      case String other ->
          throw new IllegalArgumentException(
              "outcome="
                  + other
                  + " is none of answer, status, html, reset, truncate, half-stream,"
                  + " stall, error-event, garbage-event, garbage-events, bad-chunk, huge-headers");
    };
  }

  private Timing timing(Words words) {
    Timing timing = defaults.timing();
    return new Timing(
        words.duration("first-byte", timing.firstByte()),
        words.duration("gap", timing.gap()),
        words.number("jitter", timing.jitterPercent()));
  }

  private Shape shape(Words words) {
    Shape shape = defaults.shape();
    int seed = words.number("seed", (int) shape.seed());
    return new Shape(
        words.number("tokens", shape.tokens()),
        words.number("tool-calls", shape.toolCalls()),
        words.has("split") ? splitting(words.text("split", ""), seed) : shape.splitting(),
        seed,
        words.text("close", Boolean.toString(shape.closes())).equals("true"));
  }

  static Splitting splitting(String word, long seed) {
    return switch (word) {
      case "whole" -> new Splitting.Whole();
      case "events" -> new Splitting.Events();
      case "every-byte" -> new Splitting.EveryByte();
      case "random" -> new Splitting.Random64(seed);
      default ->
          throw new IllegalArgumentException(
              "split=" + word + " is none of whole, events, every-byte, random");
    };
  }

  private UsageReport usage(Words words) {
    UsageReport usage = defaults.usage();
    return new UsageReport(
        words.has("usage") ? placement(words.text("usage", "")) : usage.placement(),
        words.number("prompt-tokens", usage.prompt()),
        words.number("completion-tokens", usage.completion()),
        words.number("cached-tokens", usage.cached()),
        words.number("reasoning-tokens", usage.reasoning()));
  }

  private static UsageReport.Placement placement(String word) {
    for (UsageReport.Placement placement : UsageReport.Placement.values()) {
      if (placement.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
        return placement;
      }
    }
    throw new IllegalArgumentException(
        "usage="
            + word
            + " is none of as-asked, missing, null, always, with-last-content, cumulative");
  }

  static Duration duration(String word, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(word + "=" + text + " is no duration such as 20ms or 2s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> Duration.ofNanos(amount * 1000);
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  /// The pairs of one script, read by type.
  private record Words(Map<String, String> pairs) {
    boolean has(String word) {
      return pairs.containsKey(word);
    }

    String text(String word, String otherwise) {
      return pairs.getOrDefault(word, otherwise);
    }

    int number(String word, int otherwise) {
      String text = pairs.get(word);
      if (text == null) {
        return otherwise;
      }
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(word + "=" + text + " is no whole number", e);
      }
    }

    Duration duration(String word, Duration otherwise) {
      String text = pairs.get(word);
      return text == null ? otherwise : ScriptReader.duration(word, text);
    }

    Point point() {
      if (has("after")) {
        return new Point.AfterParts(number("after", 0));
      }
      return switch (text("at", "mid-body")) {
        case "before-headers" -> new Point.BeforeHeaders();
        case "after-headers" -> new Point.AfterHeaders();
        case "mid-body" -> new Point.MidBody();
        case String other ->
            throw new IllegalArgumentException(
                "at=" + other + " is none of before-headers, after-headers, mid-body");
      };
    }

    Outcome.Fixed fixed(String usualType) {
      boolean html = usualType.startsWith("text/html");
      int status = number("status", html ? 200 : 500);
      String usualBody = html ? Html.page(status) : OpenAiError.ofStatus(status).json();
      Map<String, String> headers =
          has("retry-after") ? Map.of("retry-after", text("retry-after", "")) : Map.of();
      return new Outcome.Fixed(
          status, headers, text("content-type", usualType), text("body", usualBody));
    }
  }
}
