package ai.oneflow.gateway.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.util.Optional;

/// The Redis of this machine, for tests to which its version makes no difference.
public final class InstalledRedis {
  private InstalledRedis() {}

  /// Starts one that keeps nothing. Where none is installed, the test is skipped.
  public static RedisServer start() throws IOException {
    Optional<RedisProgram> program = RedisProgram.any();
    assumeTrue(program.isPresent(), "no Redis is installed: redis-server not found");
    return RedisServer.start(program.orElseThrow(), Persistence.NONE);
  }
}
