package ai.oneflow.gateway.quota.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.redis.RedisLink;
import ai.oneflow.gateway.redis.Script;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Single commands of the caretaker. Each blocks until Redis has answered.
final class Commands {
  private static final int SECONDS = 5;
  private static final Script DELETE_IF =
      Script.of(
          "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return ''"
              .getBytes(UTF_8));
  private static final Script PUBLISH_IF =
      Script.of(
          """
          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return '' end
          redis.call('SET', KEYS[2], ARGV[1])
          redis.call('DEL', KEYS[1])
          return 'OK'"""
              .getBytes(UTF_8));

  private static final Script START =
      Script.of(
          """
          local call = redis.call
          if call('GET', KEYS[1]) ~= ARGV[1] then return '' end
          for i = 4, #ARGV, 2 do
            local was = call('HGET', KEYS[2], ARGV[i]) or ''
            if was == ARGV[i + 1] then call('HSET', KEYS[2], ARGV[i], ARGV[2]) end
          end
          call('HSETNX', KEYS[3], ARGV[3], 'p')
          for _, lease in ipairs(call('ZRANGE', KEYS[4], 0, -1)) do
            call('HSETNX', KEYS[3], string.match(lease, '^(.*)#'), 'p')
          end
          call('HINCRBY', KEYS[2], '@', 1)
          return 'OK'"""
              .getBytes(UTF_8));

  private final RedisLink link;

  Commands(RedisLink link) {
    this.link = link;
  }

  /// A command did not come to an answer.
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(Throwable cause) {
      super(cause);
    }
  }

  private RedisClusterAsyncCommands<String, byte[]> redis() {
    return link.commands();
  }

  static <T> T await(Future<T> answer) throws Unanswered, InterruptedException {
    try {
      return answer.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Unanswered(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new Unanswered(e);
    }
  }

  private static Future<byte[]> future(CompletionStage<byte[]> stage) {
    return stage.toCompletableFuture();
  }

  Optional<String> get(String key) throws Unanswered, InterruptedException {
    return Optional.ofNullable(await(redis().get(key))).map(value -> new String(value, UTF_8));
  }

  boolean claim(String key, String value, long millis) throws Unanswered, InterruptedException {
    SetArgs how = SetArgs.Builder.nx().px(millis);
    return "OK".equals(await(redis().set(key, value.getBytes(UTF_8), how)));
  }

  void prolong(String key, long millis) throws Unanswered, InterruptedException {
    await(redis().pexpire(key, millis));
  }

  void deleteIf(String key, String value) throws Unanswered, InterruptedException {
    await(future(link.run(DELETE_IF, new String[] {key}, value.getBytes(UTF_8))));
  }

  /// Makes this the epoch, if the claim still is this one's.
  boolean publishIf(String claim, String epoch, String value)
      throws Unanswered, InterruptedException {
    byte[] answer =
        await(future(link.run(PUBLISH_IF, new String[] {claim, epoch}, value.getBytes(UTF_8))));
    return answer.length > 0;
  }

  void see(String gateways, String lease) throws Unanswered, InterruptedException {
    await(redis().zadd(gateways, (double) nowMillis(), lease.getBytes(UTF_8)));
  }

  List<String> seenSince(String gateways, long millis) throws Unanswered, InterruptedException {
    Range<Double> range = Range.create((double) millis, Double.MAX_VALUE);
    return await(redis().zrangebyscore(gateways, range, Limit.unlimited())).stream()
        .map(name -> new String(name, UTF_8))
        .toList();
  }

  void leave(String gateways, String member, String lease) throws Unanswered, InterruptedException {
    await(redis().zrem(gateways, member.getBytes(UTF_8)));
    await(redis().del(lease));
  }

  void join(String set, String member, long millis) throws Unanswered, InterruptedException {
    await(redis().sadd(set, member.getBytes(UTF_8)));
    await(redis().pexpire(set, millis));
  }

  List<String> members(String set) throws Unanswered, InterruptedException {
    return await(redis().smembers(set)).stream().map(name -> new String(name, UTF_8)).toList();
  }

  Map<String, byte[]> hash(String key) throws Unanswered, InterruptedException {
    return await(redis().hgetall(key));
  }

  /// Puts a hash in the place of whatever the key has.
  void replace(String key, Map<String, String> fields) throws Unanswered, InterruptedException {
    await(redis().del(key));
    Map<String, byte[]> bytes = HashMap.newHashMap(fields.size());
    fields.forEach((field, value) -> bytes.put(field, value.getBytes(UTF_8)));
    await(redis().hset(key, bytes));
  }

  Optional<String> field(String key, String field) throws Unanswered, InterruptedException {
    return Optional.ofNullable(await(redis().hget(key, field)))
        .map(value -> new String(value, UTF_8));
  }

  Map<String, String> texts(String key) throws Unanswered, InterruptedException {
    Map<String, String> all = new HashMap<>();
    hash(key).forEach((field, value) -> all.put(field, new String(value, UTF_8)));
    return all;
  }

  void remove(String hash, Collection<String> fields) throws Unanswered, InterruptedException {
    await(redis().hdel(hash, fields.toArray(String[]::new)));
    await(redis().hincrby(hash, "@", 1));
  }

  /// Makes a start for limits that are counted from none, or still from the one that is stated.
  ///
  /// @param keys of the epoch, of all starts, of this one, and of all gateways
  /// @param arguments the epoch, the start, the gateway; then each limit and what it counts from
  void start(String[] keys, List<String> arguments) throws Unanswered, InterruptedException {
    byte[][] bytes = arguments.stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
    await(future(link.run(START, keys, bytes)));
  }

  /// Writes what each of these hashes lacks, all at once.
  ///
  /// @param untilMillis by the key of each when it is not needed any more; for ever: the largest
  void add(Map<String, Map<String, String>> fields, Map<String, Long> untilMillis)
      throws Unanswered, InterruptedException {
    List<Future<Boolean>> answers = new ArrayList<>();
    fields.forEach(
        (key, values) -> {
          values.forEach(
              (field, value) -> answers.add(redis().hsetnx(key, field, value.getBytes(UTF_8))));
          long until = untilMillis.getOrDefault(key, Long.MAX_VALUE);
          if (until != Long.MAX_VALUE) {
            answers.add(redis().pexpireat(key, until));
          }
        });
    for (Future<Boolean> answer : answers) {
      await(answer);
    }
  }

  void expire(String key, long millis) throws Unanswered, InterruptedException {
    await(redis().pexpire(key, millis));
  }

  /// Redis's time, in milliseconds since 1970.
  long nowMillis() throws Unanswered, InterruptedException {
    List<byte[]> time = await(redis().time());
    long seconds = Long.parseLong(new String(time.getFirst(), UTF_8));
    long micros = Long.parseLong(new String(time.getLast(), UTF_8));
    return TimeUnit.SECONDS.toMillis(seconds) + TimeUnit.MICROSECONDS.toMillis(micros);
  }
}
