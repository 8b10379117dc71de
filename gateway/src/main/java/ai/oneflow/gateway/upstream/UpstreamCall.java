package ai.oneflow.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/// One request to a provider and its answer. Confined to its event loop.
///
/// A pooled connection may turn out to be dead when it is written to. The request is then sent once
/// more over a fresh one, but only where it had not left this process whole, so that no provider
/// can have acted on it, and where nothing of an answer had come.
public final class UpstreamCall {
  private final UpstreamPool pool;
  private final UpstreamEndpoint endpoint;
  private final UpstreamListener listener;
  private @Nullable ByteBuf request;
  private @Nullable UpstreamConnection connection;
  private boolean reading = true;
  private boolean sent;
  private boolean ended;

  UpstreamCall(
      UpstreamPool pool, UpstreamEndpoint endpoint, ByteBuf request, UpstreamListener listener) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.request = request;
    this.listener = listener;
  }

  /// Gives the call up. The connection is closed, since the rest of the answer would come over it;
  /// the listener hears nothing more.
  public void cancel() {
    if (ended) {
      return;
    }
    ended = true;
    releaseRequest();
    if (connection != null) {
      connection.close();
    }
  }

  /// Whether the provider may have some of the request.
  public boolean sent() {
    return sent;
  }

  /// Stops or resumes reading the answer: back pressure towards the provider.
  public void setReading(boolean read) {
    reading = read;
    if (connection != null && !ended) {
      connection.setReading(read);
    }
  }

  UpstreamEndpoint endpoint() {
    return endpoint;
  }

  boolean ended() {
    return ended;
  }

  void connected(UpstreamConnection made) {
    connection = made;
    ByteBuf bytes = request;
    if (bytes != null) {
      sent = true;
      made.send(this, bytes.retainedDuplicate());
      made.setReading(reading);
    }
  }

  /// The connection was dead before all was written.
  void notWritten(UpstreamConnection dead) {
    if (ended || connection != dead) {
      return;
    }
    connection = null;
    if (dead.reused() && request != null) {
      pool.connect(this);
    } else {
      failed(
          new UpstreamFault(
              UpstreamFault.Kind.CLOSED, "it hung up before it had the whole request"));
    }
  }

  void head(HttpResponse head) {
    releaseRequest();
    if (!ended) {
      listener.head(head);
    }
  }

  void content(ByteBuf content) {
    if (ended) {
      content.release();
    } else {
      listener.content(content);
    }
  }

  void readComplete() {
    if (!ended) {
      listener.readComplete();
    }
  }

  void end() {
    if (!ended) {
      ended = true;
      releaseRequest();
      listener.end();
    }
  }

  void failed(UpstreamFault fault) {
    if (!ended) {
      ended = true;
      releaseRequest();
      listener.failed(fault);
    }
  }

  private void releaseRequest() {
    ByteBuf bytes = request;
    if (bytes != null) {
      request = null;
      bytes.release();
    }
  }
}
