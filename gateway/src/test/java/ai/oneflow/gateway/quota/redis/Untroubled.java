package ai.oneflow.gateway.quota.redis;

/// One whom nothing disturbs.
final class Untroubled implements Trouble {
  @Override
  public void lost() {}

  @Override
  public void reaped() {}

  @Override
  public void silent() {}

  @Override
  public void died(String lease) {}

  @Override
  public void failed(Throwable failure) {}
}
