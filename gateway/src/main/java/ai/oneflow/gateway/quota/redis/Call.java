package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.redis.Batch.Entry;
import ai.oneflow.gateway.redis.RedisLink;
import ai.oneflow.gateway.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/// One call of `quota.lua`, ready to be made, and to be made again.
final class Call {
  private static final Script SCRIPT = Script.load(Call.class, "quota.lua");
  private static final int FIXED = 3;

  private final String[] keys;
  private final byte[][] arguments;

  private Call(String[] keys, byte[]... arguments) {
    this.keys = keys;
    this.arguments = arguments;
  }

  CompletionStage<byte[]> make(RedisLink link) {
    return link.run(SCRIPT, keys, arguments);
  }

  static Call of(Keys keys, Lease lease, Batch batch, byte[] message) {
    String[] all = new String[FIXED + batch.entries().size() + batch.leases().size()];
    all[0] = keys.epoch();
    all[1] = keys.lease(lease.name());
    all[2] = keys.gateways();
    int at = FIXED;
    String prefix = keys.counters(lease.epoch());
    for (Entry entry : batch.entries()) {
      all[at++] = prefix + entry.counter().name();
    }
    for (String reaped : batch.leases()) {
      all[at++] = reaped;
    }
    byte[] epoch = lease.epoch().getBytes(StandardCharsets.UTF_8);
    byte[] name = lease.name().getBytes(StandardCharsets.UTF_8);
    return new Call(all, message, epoch, name);
  }
}
