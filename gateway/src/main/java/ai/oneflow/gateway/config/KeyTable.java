package ai.oneflow.gateway.config;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All keys of a configuration by the first eight bytes of their SHA-256. What is found here is
/// only a candidate: the whole hash is compared afterwards, in constant time. Immutable.
public final class KeyTable {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Map<Long, List<CompiledKey>> byPrefix;

  KeyTable(Collection<CompiledKey> keys) {
    Map<Long, List<CompiledKey>> table = HashMap.newHashMap(keys.size());
    for (CompiledKey key : keys) {
      table.computeIfAbsent(prefix(key.sha256()), _ -> new ArrayList<>(1)).add(key);
    }
    byPrefix = table;
  }

  /// The keys whose hash begins like this one: none or one, but for a collision of 64 bits.
  public List<CompiledKey> candidates(byte[] sha256) {
    return byPrefix.getOrDefault(prefix(sha256), List.of());
  }

  private static long prefix(byte[] sha256) {
    return (long) LONGS.get(sha256, 0);
  }
}
