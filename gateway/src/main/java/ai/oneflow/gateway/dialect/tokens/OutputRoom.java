package ai.oneflow.gateway.dialect.tokens;

/// How long an answer may become. Asked on the event loop, for each event of a stream.
@FunctionalInterface
public interface OutputRoom {
  /// Any answer fits.
  OutputRoom ENDLESS = _ -> true;

  /// Whether it may be so long.
  boolean holds(OutputSize written);
}
