package ai.oneflow.tests.fleet;

import java.io.IOException;

/// What befalls a fleet while it is asked.
enum Blow {
  NONE,
  /// SIGKILL to one of the gateways, which is started again over its journal.
  GATEWAY_KILLED,
  REDIS_FLUSHED,
  /// SIGKILL to Redis. What it acknowledged is in its file, as it is with `appendfsync always`.
  REDIS_RESTARTED,
  /// What `appendfsync everysec` may lose with the power: Redis is behind those who count in it.
  REDIS_RESTARTED_WITHOUT_THE_LATEST,
  /// Redis without persistence.
  REDIS_RESTARTED_WITH_NOTHING,
  /// SIGSTOP to Redis, and SIGCONT once all who ask have been told something.
  REDIS_STANDS_STILL;

  private static final int SOME_COMMANDS = 10_000;

  void strike(Fleet fleet) throws IOException {
    switch (this) {
      case NONE -> {}
      case GATEWAY_KILLED -> fleet.members().getFirst().killAndStartAgain();
      case REDIS_FLUSHED -> fleet.redis().flushAll();
      case REDIS_RESTARTED -> {
        fleet.redis().kill();
        fleet.redis().startAgain();
      }
      case REDIS_RESTARTED_WITHOUT_THE_LATEST -> {
        fleet.redis().kill();
        fleet.redis().startAgainWithoutTheLatest(SOME_COMMANDS);
      }
      case REDIS_RESTARTED_WITH_NOTHING -> {
        fleet.redis().kill();
        fleet.redis().startAgainWithNothing();
      }
      case REDIS_STANDS_STILL -> fleet.redis().pause();
    }
  }

  /// When nobody asks any more.
  void end(Fleet fleet) {
    if (this == REDIS_STANDS_STILL) {
      fleet.redis().resume();
    }
  }
}
