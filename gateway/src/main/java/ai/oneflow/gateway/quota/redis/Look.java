package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Standing;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Asks where limits stand.
record Look(
    List<Limit> limits, List<Counter> counters, Executor loop, Consumer<List<Standing>> then)
    implements Op {}
