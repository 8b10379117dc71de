package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the pages point to is there: files, and the commands that a person is told to type.
final class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern TARGET = Pattern.compile("`?\\bmake ([a-z][a-z0-9-]+)");
  private static final Pattern RULE = Pattern.compile("(?m)^([a-z0-9-]+):");
  private static final Pattern SCRIPT =
      Pattern.compile("\\bscripts/[a-z0-9_-]+(?:[./][a-z0-9-]+)*");
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))`");

  /// Of a table's row that is neither its head nor the line below.
  private static final Pattern LAST_CELL =
      Pattern.compile("(?m)^\\|(?! how it ends|-).*\\| ([^|]*) \\|$");

  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");
  private static final Pattern METHOD = Pattern.compile("\\bvoid ([a-z]\\w+)\\(");

  @Test
  void everyLinkLeadsToAFileAndItsHeading() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      for (String link : found(LINK, page)) {
        if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
          dead.add(House.shown(page) + ": " + link);
        }
      }
    }

    assertThat(dead).isEmpty();
  }

  @Test
  void everyCommandThatIsNamedExists() throws IOException {
    Set<String> rules = Set.copyOf(found(RULE, House.root().resolve("Makefile")));
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      found(TARGET, page).stream()
          .filter(target -> !rules.contains(target))
          .forEach(target -> missing.add(House.shown(page) + ": make " + target));
      found(SCRIPT, page).stream()
          .filter(script -> !Files.exists(House.root().resolve(script)))
          .forEach(script -> missing.add(House.shown(page) + ": " + script));
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void everyWayInWhichARequestCanEndHasItsTests() throws IOException {
    Set<String> methods = new HashSet<>();
    for (Path source : House.testSources()) {
      methods.addAll(found(METHOD, source));
    }
    List<String> missing = new ArrayList<>();
    List<String> ways = found(LAST_CELL, House.root().resolve("docs/accounting.md"));
    for (String tests : ways) {
      List<String> names = found(NAME, tests);
      names.stream()
          .filter(name -> Character.isLowerCase(name.charAt(0)) && !methods.contains(name))
          .forEach(missing::add);
      if (names.isEmpty()) {
        missing.add("a test in '" + tests + "'");
      }
    }

    assertThat(ways).hasSizeGreaterThan(20);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Set<String> tests =
        House.testSources().stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      found(TEST, page).stream()
          .filter(test -> !tests.contains(test))
          .forEach(test -> missing.add(House.shown(page) + ": " + test));
    }

    assertThat(missing).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return Files.exists(file) && (hash < 0 || headings(file).contains(link.substring(hash + 1)));
  }

  /// As they are turned into anchors.
  private static Set<String> headings(Path page) throws IOException {
    try (Stream<String> lines = Files.lines(page)) {
      return lines
          .filter(line -> line.startsWith("#"))
          .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
          .map(line -> line.replaceAll("[^\\p{Alnum} _-]", "").replace(' ', '-'))
          .collect(Collectors.toSet());
    }
  }

  private static List<String> found(Pattern pattern, Path file) throws IOException {
    return found(pattern, Files.readString(file));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.groupCount() == 0 ? match.group() : match.group(1))
        .toList();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(House.root());
        Stream<Path> docs = Files.walk(House.root().resolve("docs"))) {
      return Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }
}
