package ai.oneflow.gateway.dialect.usage;

import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import java.util.Arrays;

/// The counts that a text gives at some fields. Of a field that is there twice the last counts;
/// `null` is as if the field were not there.
public final class Counts {
  /// More than any request can use, and few enough for millions of requests to be added up.
  public static final long MOST_TOKENS = 1_000_000_000_000L;

  private static final long ABSENT = -1;

  private final JsonField[] fields;
  private final long[] values;
  private boolean readable = true;

  public Counts(JsonField... fields) {
    this.fields = fields.clone();
    this.values = new long[fields.length];
    clear();
  }

  /// Forgets all.
  public void clear() {
    Arrays.fill(values, ABSENT);
    readable = true;
  }

  /// Takes the value at a field, if it is one of these.
  public void take(JsonField field, JsonScalar value) {
    int at = indexOf(field);
    if (at < 0 || value.kind() == JsonScalar.Kind.NULL) {
      return;
    }
    long count = value.wholeDecimal();
    if (count < 0 || count > MOST_TOKENS) {
      readable = false;
    } else {
      values[at] = count;
    }
  }

  /// Whether all that was taken were counts.
  public boolean readable() {
    return readable;
  }

  public boolean has(JsonField field) {
    return values[indexOf(field)] != ABSENT;
  }

  /// The count at a field; zero where there is none.
  public long of(JsonField field) {
    return Math.max(0, values[indexOf(field)]);
  }

  private int indexOf(JsonField field) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i] == field) {
        return i;
      }
    }
    return -1;
  }
}
