package ai.oneflow.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
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

/// What it costs to learn that a stream's chunk holds no usage, which a gateway asks a hundred
/// times a stream: searching in the buffer, or in a copy of its bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UsageSearchBenchmark {
  private static final byte[] USAGE = "\"usage\":".getBytes(StandardCharsets.US_ASCII);
  private static final String CHUNK =
      """
      data: {"id":"chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp","object":"chat.completion.chunk",\
      "created":1755137933,"model":"gpt-5-nano-2025-08-07","service_tier":"default",\
      "system_fingerprint":null,"choices":[{"index":0,"delta":{"content":" there"},\
      "finish_reason":null}]}

      """;

  private final ByteBuf wanted = Unpooled.wrappedBuffer(USAGE);
  private final byte[] copy = new byte[1024];
  private ByteBuf chunk = Unpooled.EMPTY_BUFFER;

  @Setup
  public void fill() {
    byte[] bytes = CHUNK.getBytes(StandardCharsets.US_ASCII);
    chunk = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
  }

  @TearDown
  public void release() {
    chunk.release();
  }

  @Benchmark
  public int inTheBuffer() {
    return ByteBufUtil.indexOf(wanted, chunk);
  }

  @Benchmark
  public int inACopy() {
    int size = chunk.readableBytes();
    chunk.getBytes(0, copy, 0, size);
    for (int i = 0; i <= size - USAGE.length; i++) {
      if (copy[i] == '"' && copy[i + 1] == 'u' && isUsage(i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isUsage(int at) {
    for (int i = 2; i < USAGE.length; i++) {
      if (copy[at + i] != USAGE[i]) {
        return false;
      }
    }
    return true;
  }
}
