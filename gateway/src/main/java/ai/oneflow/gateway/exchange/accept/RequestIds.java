package ai.oneflow.gateway.exchange.accept;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Names requests: a caller's own id where it is well formed (1 to 128 visible ASCII characters),
/// otherwise one with 96 random bits. One event loop only. No secret depends on the numbers.
final class RequestIds {
  private static final int LONGEST = 128;

  private final SplittableRandom random = new SplittableRandom();

  String idOf(HttpHeaders headers) {
    String sent = headers.get(ResponseHeader.REQUEST_ID.wireName());
    return wellFormed(sent) && sent != null ? sent : next();
  }

  String next() {
    return "req_" + hex(random.nextLong(), 16) + hex(random.nextInt(), 8);
  }

  private static String hex(long value, int digits) {
    char[] text = new char[digits];
    for (int i = 0; i < digits; i++) {
      text[digits - 1 - i] = Character.forDigit((int) (value >>> (4 * i)) & 0xF, 16);
    }
    return new String(text);
  }

  private static boolean wellFormed(@Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) <= 0x20 || id.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }
}
