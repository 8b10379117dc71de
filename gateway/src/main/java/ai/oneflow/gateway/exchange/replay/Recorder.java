package ai.oneflow.gateway.exchange.replay;

import ai.oneflow.gateway.exchange.accept.AnswerTap;
import ai.oneflow.gateway.exchange.accept.ResponseHeader;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import ai.oneflow.gateway.idempotency.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Holds a request's name while it runs, and writes its answer down. Lives on one event loop.
///
/// Kept is what a provider answered and what would be answered again: not what asks to come again.
/// Of an answer larger than [#MOST_BYTES] only that there was one.
final class Recorder implements AnswerTap {
  /// Of a body.
  static final int MOST_BYTES = 1 << 20;

  private static final long RENEWED_MILLIS = Replays.LEASE_MILLIS / 3;

  /// No request runs longer; a name that is held longer is so by mistake.
  private static final long MOST_RENEWALS = 3_600_000 / RENEWED_MILLIS;

  private static final int SERVER_ERROR = 500;

  /// Which the official clients send again: request timeout, conflict, too early, too many
  /// requests.
  private static final Set<Integer> COME_AGAIN = Set.of(408, 409, 425, 429);

  /// What belongs to the answer. What it was charged does not: a replay is charged nothing.
  private static final List<CharSequence> HEADERS =
      List.of(
          HttpHeaderNames.CONTENT_TYPE,
          ResponseHeader.PROVIDER.wireName(),
          ResponseHeader.MODEL.wireName(),
          ResponseHeader.STRATEGY.wireName(),
          ResponseHeader.DEGRADED_FROM.wireName());

  private final Turn turn;
  private final Future<?> renewing;
  private final Map<String, String> kept = new LinkedHashMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;
  private boolean tooLarge;
  private long renewals;

  Recorder(Turn turn, ScheduledExecutorService loop) {
    this.turn = turn;
    renewing =
        loop.scheduleAtFixedRate(
            this::renew, RENEWED_MILLIS, RENEWED_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void renew() {
    if (++renewals > MOST_RENEWALS) {
      renewing.cancel(false);
    } else {
      turn.renew();
    }
  }

  @Override
  public void head(int answered, HttpHeaders headers) {
    status = answered;
    for (CharSequence name : HEADERS) {
      String value = headers.get(name);
      if (value != null) {
        kept.put(name.toString(), value);
      }
    }
  }

  @Override
  public void piece(ByteBuf piece) {
    if (tooLarge || body.size() + piece.readableBytes() > MOST_BYTES) {
      tooLarge = true;
      body.reset();
    } else {
      body.writeBytes(ByteBufUtil.getBytes(piece));
    }
  }

  @Override
  public void complete() {
    if (status >= SERVER_ERROR || COME_AGAIN.contains(status)) {
      failed();
      return;
    }
    renewing.cancel(false);
    turn.conclude(
        tooLarge
            ? new Conclusion.NotKept()
            : new Conclusion.Kept(new StoredAnswer(status, kept, body.toByteArray())));
  }

  @Override
  public void failed() {
    renewing.cancel(false);
    turn.letGo();
  }
}
