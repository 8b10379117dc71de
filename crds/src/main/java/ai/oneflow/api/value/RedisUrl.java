package ai.oneflow.api.value;

/// A CEL rule for the address of a Redis, of its Sentinels or of a Redis Cluster, in the forms of
/// lettuce's `RedisURI` and less what we say otherwise: passwords and time-outs.
public final class RedisUrl {
  private static final String ADDRESS = HttpUrl.HOST + HttpUrl.PORT;

  public static final String RULE =
      "self.matches(r'^[a-z-]*://([^/?#]*@)?"
          + ADDRESS
          + "(,"
          + ADDRESS
          + ")*(/[0-9]{0,5})?(#[A-Za-z0-9._-]+)?$')";

  /// Whether it is that of Sentinels.
  public static final String SENTINELS = "self.matches('^[a-z]*-sentinel://')";

  /// What a person is told who writes something else.
  public static final String SENTENCE =
      "url must name a host and perhaps a port, the number of a database and with Sentinels the"
          + " primary, without blanks, as in rediss://redis:6379/0";

  private RedisUrl() {}
}
