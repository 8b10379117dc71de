package ai.oneflow.bench.jmh;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamReader;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

/// What reading the usage out of an answer costs: of a JSON text, and of a stream of a hundred
/// chunks that come one by one. Measured whenever the readers change.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UsageReadingBenchmark {
  private static final int CHUNKS = 100;
  private static final String HEAD =
      """
      {"id":"chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp","object":"chat.completion.chunk",\
      "created":1755137933,"model":"gpt-5-nano-2025-08-07","service_tier":"default",\
      "system_fingerprint":null,\
      """;
  private static final String CONTENT =
      "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" there\"},\"finish_reason\":null}]";
  private static final String FIGURES =
      """
      "usage":{"prompt_tokens":214,"completion_tokens":100,"total_tokens":314,\
      "prompt_tokens_details":{"cached_tokens":128,"audio_tokens":0},\
      "completion_tokens_details":{"reasoning_tokens":64,"audio_tokens":0,\
      "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}\
      """;

  private final OpenAiUsageReader text = new OpenAiUsageReader();
  private ByteBuf answer = Unpooled.EMPTY_BUFFER;
  private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
  private ByteBuf last = Unpooled.EMPTY_BUFFER;
  private ByteBuf done = Unpooled.EMPTY_BUFFER;

  @Setup
  public void fill() {
    answer = direct(HEAD + CONTENT + "," + FIGURES + "}");
    chunk = direct("data: " + HEAD + CONTENT + ",\"usage\":null}\n\n");
    last = direct("data: " + HEAD + "\"choices\":[]," + FIGURES + "}\n\n");
    done = direct("data: [DONE]\n\n");
  }

  @TearDown
  public void release() {
    answer.release();
    chunk.release();
    last.release();
    done.release();
  }

  @Benchmark
  public Optional<Usage> ofAText() {
    text.reset();
    text.read(answer);
    return text.complete() ? text.usage() : Optional.empty();
  }

  @Benchmark
  public Optional<Usage> ofAStream() {
    OpenAiStreamReader stream = new OpenAiStreamReader(true);
    for (int i = 0; i < CHUNKS; i++) {
      stream.read(chunk);
    }
    stream.read(last);
    stream.read(done);
    return stream.usage();
  }

  private static ByteBuf direct(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
  }
}
