package ai.oneflow.standalone;

import ai.oneflow.standalone.manifest.ClusterJudge;
import ai.oneflow.standalone.manifest.Mistake;
import ai.oneflow.standalone.manifest.Review;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `oneflow validate`: what the cluster would refuse, without one.
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Judges manifests as kubectl apply would; exits with 1 where one is refused.")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files or folders.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() {
    Review review = Review.of(paths, new ClusterJudge());
    review.mistakes().stream().map(Mistake::toString).forEach(System.out::println);
    System.out.printf("%d accepted, %d mistakes%n", review.accepted(), review.mistakes().size());
    return review.mistakes().isEmpty() ? 0 : 1;
  }
}
