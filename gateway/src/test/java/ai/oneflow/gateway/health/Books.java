package ai.oneflow.gateway.health;

import ai.oneflow.gateway.health.HealthBook.Target;
import ai.oneflow.gateway.health.TargetHealth.Settings;

/// Puts one thing more into a book, which otherwise a new configuration alone does.
public final class Books {
  private Books() {}

  public static TargetHealth of(HealthBook book, Target target, Settings settings) {
    HealthBook.Draft draft = same(book);
    TargetHealth health = draft.of(target, settings);
    draft.keep(book.bulkheads().keySet());
    return health;
  }

  public static CredentialPool pool(HealthBook book, Target target, Succession.Line credentials) {
    HealthBook.Draft draft = same(book);
    CredentialPool pool = draft.pool(target, credentials);
    draft.keep(book.bulkheads().keySet());
    return pool;
  }

  private static HealthBook.Draft same(HealthBook book) {
    HealthBook.Draft draft = book.draft();
    book.all().forEach((target, health) -> draft.of(target, health.settings()));
    book.pools().forEach((target, pool) -> draft.pool(target, pool.line()));
    return draft;
  }
}
