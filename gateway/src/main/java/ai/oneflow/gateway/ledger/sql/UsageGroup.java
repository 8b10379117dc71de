package ai.oneflow.gateway.ledger.sql;

import java.util.Locale;

/// What a report sums up by.
public enum UsageGroup {
  PROJECT("caller.project"),
  KEY("caller.key_namespace || '/' || caller.key_name"),
  USER("caller.user_name"),
  PROVIDER("destination.provider_namespace || '/' || destination.provider_name"),
  MODEL("destination.public_model"),
  /// SQL gives slots of time that lie within a day of any zone; [UsageReport] makes days of them.
  DAY("event.started_at_ms / " + UsageReport.SLOT_MILLIS);

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
