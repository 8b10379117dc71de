package ai.oneflow.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class HeldBodyTest {
  private final KeptBytes room = new KeptBytes(70);

  @Test
  void isNeededUntilAnAnswerHasBegun() {
    ByteBuf bytes = body();
    HeldBody body = new HeldBody(bytes, room, () -> {});

    assertThat(body.texts()).containsExactly("hi");
    body.sent(false);

    assertThat(bytes.refCnt()).isZero();
    assertThat(body.texts()).isEmpty();
  }

  @Test
  void isKeptToBeCountedWhereThereIsRoom() {
    ByteBuf bytes = body();
    HeldBody body = new HeldBody(bytes, room, () -> {});

    body.sent(true);
    body.sent(true);
    assertThat(body.texts()).containsExactly("hi");
    assertThat(room.taken()).isEqualTo(bytes.readableBytes());
    body.release();
    body.release();

    assertThat(bytes.refCnt()).isZero();
    assertThat(room.taken()).isZero();
  }

  @Test
  void isLetGoWhereThereIsNoRoom() {
    HeldBody kept = new HeldBody(body(), room, () -> {});
    kept.sent(true);
    kept = new HeldBody(body(), room, () -> {});
    kept.sent(true);
    ByteBuf bytes = body();
    HeldBody body = new HeldBody(bytes, room, () -> {});

    body.sent(true);

    assertThat(bytes.refCnt()).isZero();
    body.release();
    assertThat(room.taken()).isLessThanOrEqualTo(70);
  }

  @Test
  void isNotCountedWhereItIsLong() {
    KeptBytes plenty = new KeptBytes(1 << 30);
    ByteBuf bytes = body().writeZero(HeldBody.MOST_BYTES);
    HeldBody body = new HeldBody(bytes, plenty, () -> {});

    assertThat(body.texts()).isEmpty();
    body.sent(true);

    assertThat(bytes.refCnt()).isZero();
    assertThat(plenty.taken()).isZero();
  }

  private static ByteBuf body() {
    return Unpooled.buffer().writeBytes("{\"messages\":[{\"content\":\"hi\"}]}".getBytes(UTF_8));
  }
}
