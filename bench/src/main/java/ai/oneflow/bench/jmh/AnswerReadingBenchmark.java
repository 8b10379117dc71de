package ai.oneflow.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.dialect.openai.OpenAiStreamReader;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to follow an answer: one chunk of a stream, and one JSON text of two kilobytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AnswerReadingBenchmark {
  private static final String CHUNK =
      """
      data: {"id":"chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp","object":"chat.completion.chunk",\
      "created":1755137933,"model":"gpt-5-nano-2025-08-07","service_tier":"default",\
      "system_fingerprint":null,"choices":[{"index":0,"delta":{"content":" there"},\
      "finish_reason":null}]}

      """;
  private static final String ANSWER =
      """
      {"id":"chatcmpl-C4GrQKcrez1dN2o93xZTQ9ohbQFBY","object":"chat.completion","created":1755134160,
      "model":"gpt-5-nano-2025-08-07","choices":[{"index":0,"message":{"role":"assistant",
      "content":"%s","refusal":null,"annotations":[]},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":2245,"completion_tokens":500,"total_tokens":2745}}
      """
          .formatted("A sentence of an answer, and the next.\\n".repeat(40));

  private final OpenAiStreamReader stream = new OpenAiStreamReader(true);
  private final OpenAiUsageReader answers = new OpenAiUsageReader();
  private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
  private ByteBuf answer = Unpooled.EMPTY_BUFFER;

  @Setup
  public void fill() {
    chunk = direct(CHUNK);
    answer = direct(ANSWER);
  }

  private static ByteBuf direct(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
  }

  @TearDown
  public void release() {
    chunk.release();
    answer.release();
  }

  @Benchmark
  public long aChunkOfAStream() {
    stream.read(chunk);
    return stream.openEventStart();
  }

  @Benchmark
  public boolean aJsonAnswer() {
    answers.reset();
    answers.read(answer);
    return answers.complete();
  }
}
