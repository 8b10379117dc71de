package ai.oneflow.gateway.dialect.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts the tokens of texts with a model's own tokenizer, on a thread of its own: a vocabulary
/// takes some 0.3 seconds to load when it is first asked for and 30 MB from then on, and a text
/// costs about 0.25 microseconds a token, hostile ones ten times that. So nothing of it belongs on
/// an event loop, nor on the way to a gateway's start.
///
/// Work that waits is bounded. What does not fit, is too long or cannot be read is not counted:
/// whoever asked goes on with bytes. Thread-safe.
public final class TokenCounter implements AutoCloseable {
  /// Longer texts take tenths of a second, and callers could send many.
  public static final int MOST_BYTES = 256 << 10;

  private static final int MOST_WAITING = 64;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor thread;
  private volatile boolean closed;
  private volatile @Nullable EncodingRegistry encodings;

  public TokenCounter() {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("token-counter").daemon().factory());
    thread.allowCoreThreadTimeOut(true);
  }

  /// Counts. The future completes on the counter's thread, or at once where there is no room.
  ///
  /// @param texts called on the counter's thread
  /// @return [TextTokens#NONE] where nothing was counted; never fails
  public CompletableFuture<TextTokens> count(Tokenizer tokenizer, Supplier<List<String>> texts) {
    try {
      return CompletableFuture.supplyAsync(() -> counted(tokenizer, texts.get()), thread)
          .exceptionally(_ -> TextTokens.NONE);
    } catch (RejectedExecutionException full) {
      return CompletableFuture.completedFuture(TextTokens.NONE);
    }
  }

  private TextTokens counted(Tokenizer tokenizer, List<String> texts) {
    Encoding encoding = encoding(tokenizer);
    long bytes = 0;
    long tokens = 0;
    for (String text : texts) {
      if (closed) {
        return TextTokens.NONE;
      }
      int length = text.getBytes(UTF_8).length;
      if (bytes + length > MOST_BYTES) {
        break;
      }
      bytes += length;
      tokens += encoding.countTokensOrdinary(text);
    }
    return new TextTokens(bytes, tokens);
  }

  /// Only the counter's thread comes here, so nobody loads twice.
  private Encoding encoding(Tokenizer tokenizer) {
    EncodingRegistry loaded = encodings;
    if (loaded == null) {
      loaded = Encodings.newLazyEncodingRegistry();
      encodings = loaded;
    }
    return loaded.getEncoding(type(tokenizer));
  }

  private static EncodingType type(Tokenizer tokenizer) {
    return switch (tokenizer) {
      case O200K_BASE -> EncodingType.O200K_BASE;
      case CL100K_BASE -> EncodingType.CL100K_BASE;
    };
  }

  /// What still waits is answered as not counted.
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
  }
}
