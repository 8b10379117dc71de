package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is read as a whole fits on a screen or a few of them.
final class SizeTest {
  private static final int MOST_LINES = 300;

  /// Splitting a state machine or a scanner of the request path would cost a call for each byte.
  private static final int MOST_LINES_ON_THE_REQUEST_PATH = 400;

  private static final int MOST_METHOD_LINES = 30;

  /// Longer than they should be, by file and method, with the reason and their bound.
  private static final Map<String, Longer> LONGER =
      Map.of(
          "ControlPlane.java start", new Longer(40, "wiring by hand: a flat list of what is made"),
          "StructureCheck.java text", new Longer(36, "not split yet"),
          "Announcer.java send", new Longer(32, "not split yet"));

  private record Longer(int lines, String reason) {}

  private static final List<String> REQUEST_PATH =
      List.of("ai/oneflow/gateway/exchange/", "ai/oneflow/gateway/dialect/");

  @Test
  void filesStayShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : House.mainSources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > bound(file)) {
        tooLong.add(House.shown(file) + " has " + lines + " lines");
      }
    }

    assertThat(tooLong).isEmpty();
  }

  private static int bound(Path file) {
    String name = file.toString().replace('\\', '/');
    return REQUEST_PATH.stream().anyMatch(name::contains)
        ? MOST_LINES_ON_THE_REQUEST_PATH
        : MOST_LINES;
  }

  @Test
  void methodsStayShort() throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    List<String> tooLong = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  _ -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(House.mainSources()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(new Measure(unit, positions, tooLong), null);
      }
    }

    assertThat(tooLong).isEmpty();
  }

  private static int bound(Path file, MethodTree method) {
    Longer longer = LONGER.get(file.getFileName() + " " + method.getName());
    return longer == null ? MOST_METHOD_LINES : longer.lines();
  }

  /// Counts the lines of a method from its opening brace to its closing one.
  private static final class Measure extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> tooLong;

    Measure(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
      this.unit = unit;
      this.positions = positions;
      this.tooLong = tooLong;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      if (method.getBody() != null) {
        LineMap lines = unit.getLineMap();
        long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
        long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
        long count = last - first + 1;
        Path file = Path.of(unit.getSourceFile().toUri());
        if (count > bound(file, method)) {
          tooLong.add(House.shown(file) + ": " + method.getName() + " has " + count + " lines");
        }
      }
      return super.visitMethod(method, null);
    }
  }
}
