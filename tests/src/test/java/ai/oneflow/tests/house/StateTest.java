package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// No state that everybody shares, no waiting by the clock, no printing past the log.
final class StateTest {
  private static final Set<String> MUTABLE =
      Set.of(
          "java.util.concurrent.atomic", "java.util.concurrent.locks", "io.netty.util.concurrent");
  private static final Set<String> MUTABLE_TYPES =
      Set.of(
          "java.util.HashMap",
          "java.util.ArrayList",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentMap",
          "java.lang.ThreadLocal",
          "java.lang.StringBuilder");

  /// Who may sleep, and what for: each on a virtual thread of its own, where it costs nobody a
  /// thread and an interrupt ends it.
  private static final Map<String, String> SLEEPERS =
      Map.of(
          "ai.oneflow.gateway.config.push.PushClient", "the pause before it connects again",
          "ai.oneflow.operator.push.TokenWatch", "tokens are looked at again now and then",
          "ai.oneflow.operator.push.PushTlsRenewal", "certificates are looked at twice a day",
          "ai.oneflow.operator.reconcile.ConfigurationLoop", "gateways get their time to return",
          "ai.oneflow.operator.apply.Workloads", "kinds that may come later are looked for",
          "ai.oneflow.gateway.Gateway", "those who send callers learn late that it ends");

  private final JavaClasses classes = House.classes();

  @Test
  void nothingStaticCanChange() {
    assertThat(classes)
        .flatMap(JavaClass::getFields)
        .filteredOn(field -> field.getModifiers().contains(JavaModifier.STATIC))
        .filteredOn(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
        .filteredOn(StateTest::changes)
        .extracting(JavaField::getFullName)
        .isEmpty();
  }

  private static boolean changes(JavaField field) {
    JavaClass type = field.getRawType();
    return !field.getModifiers().contains(JavaModifier.FINAL)
        || MUTABLE.contains(type.getPackageName())
        || MUTABLE_TYPES.contains(type.getName());
  }

  @Test
  void onlyNamedThreadsSleep() {
    assertThat(classes)
        .filteredOn(
            type ->
                type.getMethodCallsFromSelf().stream()
                    .anyMatch(
                        call ->
                            call.getTargetOwner().isEquivalentTo(Thread.class)
                                && call.getName().equals("sleep")))
        .extracting(JavaClass::getName)
        .allMatch(SLEEPERS::containsKey);
  }

  @Test
  void noTestSleeps() throws IOException {
    List<String> sleeping = new ArrayList<>();
    String sleep = "Thread." + "sleep(";
    for (Path file : House.testSources()) {
      if (Files.readString(file).contains(sleep)) {
        sleeping.add(House.shown(file));
      }
    }

    assertThat(sleeping).isEmpty();
  }

  @Test
  void onlyProgramsPrint() {
    assertThat(classes)
        .filteredOn(type -> !isProgram(type))
        .filteredOn(
            type ->
                type.getFieldAccessesFromSelf().stream()
                    .anyMatch(
                        access ->
                            access.getTargetOwner().isEquivalentTo(System.class)
                                && !access.getName().equals("in")))
        .extracting(JavaClass::getName)
        .isEmpty();
  }

  /// What a person starts, or a command of it.
  private static boolean isProgram(JavaClass type) {
    JavaClass outermost = type;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.tryGetMethod("main", String[].class).isPresent()
        || outermost.isAnnotatedWith("picocli.CommandLine$Command");
  }
}
