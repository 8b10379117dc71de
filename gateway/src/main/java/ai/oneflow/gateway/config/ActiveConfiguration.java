package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.GatewaySnapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The configuration in force: one reference, replaced as a whole.
public final class ActiveConfiguration implements SnapshotSink {
  private final AtomicReference<@Nullable CompiledConfiguration> current = new AtomicReference<>();
  private final SnapshotCompiler compiler;
  private final Consumer<CompiledConfiguration> onChange;

  /// @param onChange told of each configuration after it is in force, on the thread that offered it
  public ActiveConfiguration(SnapshotCompiler compiler, Consumer<CompiledConfiguration> onChange) {
    this.compiler = compiler;
    this.onChange = onChange;
  }

  /// What requests are served by; empty until the first snapshot was accepted.
  public Optional<CompiledConfiguration> current() {
    return Optional.ofNullable(current.get());
  }

  @Override
  public Outcome offer(GatewaySnapshot snapshot) {
    return switch (compiler.compile(snapshot, current())) {
      case SnapshotCompiler.Result.Refused(var refusals) -> new Outcome.Refused(refusals);
      case SnapshotCompiler.Result.Compiled(var configuration) -> {
        current.set(configuration);
        onChange.accept(configuration);
        yield new Outcome.Accepted();
      }
    };
  }
}
