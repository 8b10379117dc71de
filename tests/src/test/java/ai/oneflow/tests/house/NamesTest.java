package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Names say what a thing is for; a drawer for all sorts has none.
final class NamesTest {
  private static final Set<String> DRAWERS =
      Set.of("common", "util", "utils", "core", "helper", "helpers", "misc", "shared", "impl");
  private static final Pattern SAYS_NOTHING =
      Pattern.compile("Abstract.*|.*(Utils?|Helper|Manager|Impl|Data|Base)");

  private final JavaClasses classes = House.classes();

  @Test
  void noPackageIsADrawerForAllSorts() {
    assertThat(packages())
        .noneMatch(
            name -> List.of(name.getName().split("\\.", -1)).stream().anyMatch(DRAWERS::contains));
  }

  @Test
  void everyClassNameSaysWhatItIsFor() {
    assertThat(classes)
        .filteredOn(type -> SAYS_NOTHING.matcher(type.getSimpleName()).matches())
        .extracting(JavaClass::getName)
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() {
    assertThat(packages())
        .filteredOn(name -> !name.isAnnotatedWith(NullMarked.class))
        .extracting(JavaPackage::getName)
        .isEmpty();
  }

  private List<JavaPackage> packages() {
    return classes.stream()
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .map(JavaClass::getPackage)
        .distinct()
        .toList();
  }
}
