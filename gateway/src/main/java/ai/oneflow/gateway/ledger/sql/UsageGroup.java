package ai.oneflow.gateway.ledger.sql;

import java.util.Locale;

/// What a report sums up by.
public enum UsageGroup {
  PROJECT("project"),
  KEY("key_namespace || '/' || key_name"),
  USER("user_name"),
  PROVIDER("provider_namespace || '/' || provider_name"),
  MODEL("public_model"),
  /// Of UTC; the milliseconds are cut to whole days and written out by [UsageReport].
  DAY("started_at_ms / 86400000");

  private final String expression;

  UsageGroup(String expression) {
    this.expression = expression;
  }

  /// As a person writes it: `project`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  String expression() {
    return expression;
  }
}
