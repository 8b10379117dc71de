package ai.oneflow.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.bench.gateway.MeasuredConfiguration;
import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.SnapshotCompiler;
import ai.oneflow.gateway.config.SnapshotCompiler.Result;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.route.Asked;
import ai.oneflow.gateway.exchange.route.Router;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.URI;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One decision among many candidates: filters, scores, order.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingBenchmark {
  private static final String BODY =
      """
      {"model":"gpt-4o","max_tokens":200,"messages":[{"role":"user","content":"Hello"}],
       "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}""";

  @Param({"1", "5", "20"})
  public int candidates;

  @Param({"BALANCED", "WEIGHTED", "PRIORITY"})
  public Strategy strategy = Strategy.BALANCED;

  private static final URI NOWHERE = URI.create("http://127.0.0.1:9/v1");

  private final Router router = new Router();
  private @Nullable CompiledConfiguration configuration;
  private @Nullable Asked asked;

  @Setup
  public void compile() {
    Result result =
        new SnapshotCompiler(new HealthBook())
            .compile(
                MeasuredConfiguration.manyTargets(NOWHERE, "key", candidates, strategy),
                Optional.empty());
    CompiledConfiguration compiled = ((Result.Compiled) result).configuration();
    configuration = compiled;
    CompiledKey key =
        compiled
            .keys()
            .candidates(HexFormat.of().parseHex(MeasuredConfiguration.sha256("key")))
            .getFirst();
    ByteBuf body = Unpooled.copiedBuffer(BODY, UTF_8);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reader.read(body);
    ParsedRequest request =
        new ParsedRequest(
            Surface.CHAT_COMPLETIONS,
            ((OpenAiRequestReader.Reading.Read) reader.finish()).request(),
            body);
    asked =
        new Asked(
            key,
            request,
            MeasuredConfiguration.MODEL,
            new DefaultHttpHeaders(),
            System.currentTimeMillis());
  }

  @Benchmark
  public Routing decide() {
    return router.route(Objects.requireNonNull(configuration), Objects.requireNonNull(asked));
  }
}
