package ai.oneflow.gateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to a Redis, Sentinels' primary or a Redis Cluster. For any thread.
///
/// Connects again by itself and then sends what has no answer once more; what that would do twice
/// is for the scripts to find out.
public final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration SOONEST = Duration.ofMillis(20);
  private static final Duration LATEST = Duration.ofSeconds(1);
  private static final Duration TOPOLOGY_EVERY = Duration.ofSeconds(30);
  private static final int THREADS = 2; // the fewest that lettuce takes

  private final RedisAddress address;
  private final ClientResources resources;
  private final Opener opener;
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile @Nullable Open open;

  private record Open(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands) {}

  /// One of lettuce's two kinds of clients.
  private interface Opener extends AutoCloseable {
    Open open();

    @Override
    void close();
  }

  /// Does not connect yet.
  ///
  /// @param disconnected told on a thread of the connection's
  public RedisLink(RedisAddress address, Runnable disconnected) {
    this.address = address;
    resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .reconnectDelay(() -> Delay.exponential(SOONEST, LATEST, 2, TimeUnit.MILLISECONDS))
            .build();
    RedisConnectionStateListener listener =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            disconnected.run();
          }

          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress to) {}
        };
    opener = address.cluster() ? cluster(listener) : single(listener);
  }

  private Opener single(RedisConnectionStateListener listener) {
    RedisClient client = RedisClient.create(resources, prepared(RedisURI.create(address.url())));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    client.addListener(listener);
    return new Opener() {
      @Override
      public Open open() {
        var connection = client.connect(CODEC);
        return new Open(connection, connection.async());
      }

      @Override
      public void close() {
        client.shutdown(Duration.ZERO, CONNECT_WITHIN);
      }
    };
  }

  private Opener cluster(RedisConnectionStateListener listener) {
    List<RedisURI> nodes = RedisClusterURIUtil.toRedisURIs(URI.create(address.url()));
    nodes.forEach(this::prepared);
    RedisClusterClient client = RedisClusterClient.create(resources, nodes);
    client.setOptions(
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(TOPOLOGY_EVERY)
                    .adaptiveRefreshTriggersTimeout(LATEST)
                    .build())
            .build());
    client.addListener(listener);
    return new Opener() {
      @Override
      public Open open() {
        var connection = client.connect(CODEC);
        return new Open(connection, connection.async());
      }

      @Override
      public void close() {
        client.shutdown(Duration.ZERO, CONNECT_WITHIN);
      }
    };
  }

  private RedisURI prepared(RedisURI uri) {
    uri.setTimeout(CONNECT_WITHIN);
    address
        .password()
        .ifPresent(
            password ->
                uri.setCredentialsProvider(
                    RedisCredentialsProvider.from(
                        () -> RedisCredentials.just(null, password.toCharArray()))));
    return uri;
  }

  /// Connects, or connects anew. Blocks.
  ///
  /// @throws io.lettuce.core.RedisException if there is no connection to be had
  public synchronized void connect() {
    Open former = open;
    open = opener.open();
    if (former != null) {
      former.connection().closeAsync();
    }
  }

  /// Connects anew, and does not wait for it. The former connection stays until there is another.
  public void replace() {
    if (replacing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("redis-connect").start(this::tryToConnect);
    }
  }

  private void tryToConnect() {
    try {
      connect();
    } catch (RuntimeException e) {
      LOG.debug("redis is silent, and no other connection is to be had", e);
    } finally {
      replacing.set(false);
    }
  }

  public boolean isConnected() {
    return open != null;
  }

  /// Once it is connected.
  public RedisClusterAsyncCommands<String, byte[]> commands() {
    return Objects.requireNonNull(open, "not connected yet").commands();
  }

  /// Runs a script, which is sent as a whole only where Redis does not know it yet.
  public CompletionStage<byte[]> run(Script script, String[] keys, byte[]... arguments) {
    RedisClusterAsyncCommands<String, byte[]> redis = commands();
    return redis
        .<byte[]>evalsha(script.hash(), ScriptOutputType.VALUE, keys, arguments)
        .exceptionallyCompose(
            failure ->
                isUnknownScript(failure)
                    ? redis.eval(script.text(), ScriptOutputType.VALUE, keys, arguments)
                    : CompletableFuture.failedStage(failure));
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof RedisNoScriptException
        || (failure instanceof CompletionException
            && failure.getCause() instanceof RedisNoScriptException);
  }

  @Override
  public void close() {
    opener.close();
    resources.shutdown(0, CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }
}
