package ai.oneflow.tests.process;

import ai.oneflow.servers.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A main class of this build in a process of its own, with the class path of the tests.
public final class JavaProgram {
  private JavaProgram() {}

  /// @param output see [Program#start]
  public static Program start(Class<?> main, List<String> arguments, Path output)
      throws IOException {
    List<String> small = List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    return Program.start(command(small, main, arguments), output);
  }

  /// What starts it.
  ///
  /// @param options of the virtual machine
  public static List<String> command(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    return command;
  }
}
