package ai.oneflow.standalone;

import ai.oneflow.standalone.manifest.Mistake;
import ai.oneflow.standalone.manifest.Review;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `oneflow validate` and `kubectl oneflow validate`: what the cluster would refuse, without one.
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Judges manifests as kubectl apply would; exits with 1 where one is refused.")
public final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files or folders.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() {
    Review review = Review.of(paths);
    PrintWriter out = spec.commandLine().getOut();
    review.mistakes().stream().map(Mistake::toString).forEach(out::println);
    out.printf("%d accepted, %d mistakes%n", review.accepted(), review.mistakes().size());
    return review.mistakes().isEmpty() ? 0 : 1;
  }
}
