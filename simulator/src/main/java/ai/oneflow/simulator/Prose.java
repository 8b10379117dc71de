package ai.oneflow.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Text that reads like an answer, one token a word or mark; the same for the same seed.
final class Prose {
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private static final List<String> OPENINGS =
      List.of("In short,", "Generally,", "To begin with,", "In practice,", "By contrast,");
  private static final List<String> SUBJECTS =
      List.of(
          "the service", "a careful design", "the second step", "this approach", "the naïve plan");
  private static final List<String> VERBS =
      List.of("depends on", "improves", "replaces", "explains", "limits", "is measured by");
  private static final List<String> OBJECTS =
      List.of(
          "the load it carries",
          "what callers expect",
          "its slowest part",
          "the size of the input");

  private final Random random;

  Prose(long seed) {
    this.random = new Random(seed);
  }

  /// @param count of tokens; 0: drawn from the seed
  List<String> tokens(int count) {
    int wanted = count == 0 ? random.nextInt(SHORTEST, LONGEST + 1) : count;
    List<String> tokens = new ArrayList<>(wanted + 16);
    while (tokens.size() < wanted) {
      sentence(tokens);
    }
    return List.copyOf(tokens.subList(0, wanted));
  }

  String word() {
    return pick(List.of("Lisbon", "amber", "seven", "harbour", "quartz", "meadow", "Nairobi"));
  }

  int number() {
    return random.nextInt(1, 100);
  }

  private void sentence(List<String> tokens) {
    String sentence = String.join(" ", pick(OPENINGS), pick(SUBJECTS), pick(VERBS), pick(OBJECTS));
    for (String word : sentence.split(" ", -1)) {
      String spaced = tokens.isEmpty() ? word : " " + word;
      boolean comma = word.endsWith(",");
      tokens.add(comma ? spaced.substring(0, spaced.length() - 1) : spaced);
      if (comma) {
        tokens.add(",");
      }
    }
    tokens.add(".");
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
