package ai.oneflow.gateway.config.push;

import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.PushService;
import ai.oneflow.snapshot.ReceivedPush;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One connection to the operator, from reading the files to its end.
final class Connection implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final Executor executor;
  private final CompletableFuture<Status> ended = new CompletableFuture<>();

  private final ClientCall<FromGateway, ReceivedPush> call;
  private volatile Set<String> taken = Set.of();

  private Connection(ManagedChannel channel, Executor executor) {
    this.channel = channel;
    this.executor = executor;
    this.call = channel.newCall(PushService.CONNECT_TO_RECEIVE, CallOptions.DEFAULT);
  }

  /// Connects and says hello; what is pushed is answered on the `executor`, in order.
  ///
  /// @throws IOException where a file cannot be read or used
  static Connection open(
      OperatorAddress operator, EventLoopGroup loops, Executor executor, Conversation talk)
      throws IOException {
    Metadata headers = new Metadata();
    String token = Files.readString(operator.tokenFile()).strip();
    headers.put(AUTHORIZATION, "Bearer " + token);
    Connection connection = new Connection(Channels.to(operator, loops, executor), executor);
    connection.converse(headers, talk);
    return connection;
  }

  private void converse(Metadata headers, Conversation talk) {
    call.start(new Ears(talk), headers);
    call.sendMessage(talk.greeting());
    call.request(1);
  }

  /// Whether what is said now would be sent soon.
  boolean takesMore() {
    return call.isReady();
  }

  /// Whether the operator has said that it takes messages of this name. One that takes none of the
  /// later ones says nothing.
  boolean takes(String message) {
    return taken.contains(message);
  }

  /// Says what needs no answer, between the answers: a call is one thread's at a time.
  void say(FromGateway message) {
    executor.execute(
        () -> {
          if (!ended.isDone()) {
            call.sendMessage(message);
          }
        });
  }

  /// Waits for the end of the stream; empty where it is still open after this time.
  Optional<Status> awaitEnd(Duration patience) throws InterruptedException {
    try {
      return Optional.of(ended.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a stream is a status", e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Ears extends ClientCall.Listener<ReceivedPush> {
    private final Conversation talk;

    Ears(Conversation talk) {
      this.talk = talk;
    }

    @Override
    public void onHeaders(Metadata headers) {
      String names = headers.get(PushService.TAKES);
      if (names != null) {
        taken = Set.copyOf(Arrays.asList(names.split(",")));
      }
    }

    @Override
    public void onMessage(ReceivedPush push) {
      call.sendMessage(talk.answer(push));
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.complete(status);
    }
  }

  /// What there is to say.
  interface Conversation {
    FromGateway greeting();

    FromGateway answer(ReceivedPush push);
  }
}
