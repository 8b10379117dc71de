package ai.oneflow.tests.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.PushService;
import ai.oneflow.snapshot.SnapshotVersion;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway's end of the push stream that acknowledges all it is sent and keeps nothing of it, so
/// that a hundred of them cost what one gateway does. It comes back when its stream ends, and holds
/// nothing then.
final class Ear {
  /// What is at the end of a push, whose members are in order of their names.
  private static final Pattern TAIL =
      Pattern.compile("\"nonce\":([0-9]+),\"version\":\"([0-9a-f]{64})\"}$");

  private static final int TAIL_BYTES = 128;
  private static final int BACK_AFTER_MILLIS = 50;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final MethodDescriptor<FromGateway, Heard> METHOD =
      PushService.CONNECT_TO_RECEIVE.toBuilder(
              PushService.CONNECT_TO_RECEIVE.getRequestMarshaller(), new TailMarshaller())
          .build();

  /// A push, as far as it is looked at.
  ///
  /// @param bytes of all of it
  record Heard(long nonce, SnapshotVersion version, int bytes, long atNanos) {}

  private final String name;
  private final Line line;
  private volatile Optional<Heard> last = Optional.empty();
  private volatile boolean closed;

  /// Over which it listens.
  record Line(
      ManagedChannel channel, String namespace, String token, ScheduledExecutorService again) {}

  Ear(String name, Line line) {
    this.name = name;
    this.line = line;
  }

  /// What it was sent last and has acknowledged; empty since its stream ended.
  Optional<Heard> last() {
    return last;
  }

  void connect() {
    // A gateway opens another channel each time, which waits for nothing.
    line.channel.resetConnectBackoff();
    ClientCall<FromGateway, Heard> call = line.channel.newCall(METHOD, CallOptions.DEFAULT);
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + line.token);
    call.start(new Listener(call), headers);
    call.sendMessage(new Hello(line.namespace, "main", name, Optional.empty()));
    call.request(1);
  }

  void close() {
    closed = true;
    line.channel.shutdownNow();
  }

  private final class Listener extends ClientCall.Listener<Heard> {
    private final ClientCall<FromGateway, Heard> call;

    Listener(ClientCall<FromGateway, Heard> call) {
      this.call = call;
    }

    @Override
    public void onMessage(Heard push) {
      call.sendMessage(new Ack(push.nonce(), push.version()));
      last = Optional.of(push);
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      last = Optional.empty();
      if (!closed) {
        line.again.schedule(Ear.this::connect, BACK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static final class TailMarshaller implements MethodDescriptor.Marshaller<Heard> {
    @Override
    public InputStream stream(Heard value) {
      throw new UnsupportedOperationException("an ear says nothing of the kind");
    }

    @Override
    public Heard parse(InputStream stream) {
      try {
        byte[] all = stream.readAllBytes();
        int from = Math.max(0, all.length - TAIL_BYTES);
        Matcher tail = TAIL.matcher(new String(all, from, all.length - from, UTF_8));
        if (!tail.find()) {
          throw new IOException("not the end of a push: " + all.length + " bytes");
        }
        SnapshotVersion version = new SnapshotVersion(tail.group(2));
        return new Heard(Long.parseLong(tail.group(1)), version, all.length, System.nanoTime());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
