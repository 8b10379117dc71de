package ai.oneflow.gateway.idempotency.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.redis.Script;

/// What is done to a name in one step. Each may be sent twice, and is done once.
///
/// A name is a hash: `body` and `fence` of who claimed it, and `answer` once it is concluded, empty
/// where that was not kept. `KEYS[1]` is the name, `ARGV` begins with body and fence.
final class Scripts {
  /// Then the lease. `F`: first, `U`: under way, `M`: mismatch, `A`: answered, the answer behind
  /// it.
  static final Script CLAIM =
      script(
          """
          local held = redis.call('HMGET', KEYS[1], 'body', 'fence', 'answer')
          if not held[1] then
            redis.call('HSET', KEYS[1], 'body', ARGV[1], 'fence', ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return 'F'
          end
          if held[1] ~= ARGV[1] then return 'M' end
          if held[3] then return 'A' .. held[3] end
          return held[2] == ARGV[2] and 'F' or 'U'""");

  /// Then the lease. Writes nothing where the name is there, so that a full Redis renews, too.
  static final Script RENEW =
      script(
          """
          local held = redis.call('HMGET', KEYS[1], 'fence', 'answer')
          if held[2] or (held[1] and held[1] ~= ARGV[2]) then return '' end
          if not held[1] then
            redis.call('HSET', KEYS[1], 'body', ARGV[1], 'fence', ARGV[2])
          end
          redis.call('PEXPIRE', KEYS[1], ARGV[3])
          return ''""");

  /// Then for how long, and the answer.
  static final Script CONCLUDE =
      script(
          """
          local held = redis.call('HMGET', KEYS[1], 'fence', 'answer')
          if held[2] or (held[1] and held[1] ~= ARGV[2]) then return '' end
          redis.call('HSET', KEYS[1], 'body', ARGV[1], 'fence', ARGV[2], 'answer', ARGV[4])
          redis.call('PEXPIRE', KEYS[1], ARGV[3])
          return ''""");

  static final Script LET_GO =
      script(
          """
          local held = redis.call('HMGET', KEYS[1], 'fence', 'answer')
          if held[1] == ARGV[2] and not held[2] then redis.call('DEL', KEYS[1]) end
          return ''""");

  private Scripts() {}

  private static Script script(String text) {
    return Script.of(text.getBytes(US_ASCII));
  }
}
