package ai.oneflow.gateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.exchange.ExchangePipeline;
import ai.oneflow.gateway.exchange.ExchangePipeline.Stage;
import ai.oneflow.gateway.exchange.accept.AnswerTap;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.ResponseHeader;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// [ExchangePipeline.Stage] is the one list of the stages: folders and the first words of packages
/// follow it, and no stage reaches forward or into another's workings.
final class StagesTest {
  private static final String EXCHANGE = "ai.oneflow.gateway.exchange.";
  private static final List<String> ORDINALS =
      List.of("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Last");

  /// What later stages may use of earlier ones besides values, each with the reason.
  private static final Map<Class<?>, String> SHARED =
      Map.of(
          AnswerTap.class, "how answers are heard that may be given again",
          Downstream.class, "the way back to the caller, which only relaying may go",
          ResponseHeader.class, "the closed list of the headers that are ours");

  private final JavaClasses gateway =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.oneflow.gateway");

  @Test
  void areExactlyTheFoldersBelowExchange() throws IOException {
    Set<String> folders = new TreeSet<>();
    try (Stream<Path> children = Files.list(sources())) {
      children
          .filter(Files::isDirectory)
          .map(f -> f.getFileName().toString())
          .forEach(folders::add);
    }

    assertThat(folders)
        .isEqualTo(
            new TreeSet<>(ExchangePipeline.STAGES.stream().map(StagesTest::folder).toList()));
  }

  @Test
  void standInTheOrderThatTheirPackagesSay() {
    assertThat(ExchangePipeline.STAGES).hasSameSizeAs(ORDINALS);
    Iterator<String> ordinals = ORDINALS.iterator();
    for (Stage stage : ExchangePipeline.STAGES) {
      assertThat(sources().resolve(folder(stage)).resolve("package-info.java"))
          .content()
          .startsWith("/// " + ordinals.next() + " stage");
    }
  }

  @Test
  void dependOnNoLaterStage() {
    assertThat(between((from, to) -> to.compareTo(from) > 0)).isEmpty();
  }

  @Test
  void takeOfEarlierStagesOnlyWhatThoseMade() {
    List<Dependency> wrong = new ArrayList<>(between((from, to) -> to.compareTo(from) < 0));
    wrong.removeIf(dependency -> isValue(dependency.getTargetClass()));

    assertThat(wrong).isEmpty();
  }

  @Test
  void sharesWithLaterStagesOnlyWhatTheyUse() {
    Set<Class<?>> used = new HashSet<>();
    for (Dependency dependency : between((from, to) -> to.compareTo(from) < 0)) {
      SHARED.keySet().stream()
          .filter(dependency.getTargetClass()::isEquivalentTo)
          .forEach(used::add);
    }

    assertThat(SHARED.keySet()).allMatch(type -> used.contains(type) || usedByExchange(type));
  }

  private boolean usedByExchange(Class<?> type) {
    return gateway.get(type).getDirectDependenciesToSelf().stream()
        .anyMatch(d -> (d.getOriginClass().getPackageName() + ".").equals(EXCHANGE));
  }

  private interface Order {
    boolean holds(Stage from, Stage to);
  }

  private List<Dependency> between(Order order) {
    List<Dependency> found = new ArrayList<>();
    for (JavaClass type : gateway) {
      Optional<Stage> from = stage(type);
      if (from.isPresent()) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          stage(dependency.getTargetClass())
              .filter(to -> order.holds(from.get(), to))
              .ifPresent(_ -> found.add(dependency));
        }
      }
    }
    return found;
  }

  private static Optional<Stage> stage(JavaClass type) {
    return ExchangePipeline.STAGES.stream()
        .filter(stage -> type.getPackageName().equals(EXCHANGE + folder(stage)))
        .findFirst();
  }

  /// A record, an enum, or a sealed type: something made and handed on.
  private static boolean isValue(JavaClass type) {
    return type.isRecord()
        || type.isEnum()
        || type.reflect().isSealed()
        || SHARED.keySet().stream().anyMatch(type::isEquivalentTo);
  }

  private static String folder(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  private static Path sources() {
    return Path.of(System.getProperty("oneflow.root", ".."))
        .resolve("gateway/src/main/java/ai/oneflow/gateway/exchange");
  }
}
