package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A credential's plaintext. It shows in no log, message or `toString`; only [#reveal()] gives it.
///
/// Equality is by value, so that a changed Secret makes a changed entry; do not compare a caller's
/// credential with it, since `equals` is not constant in time.
public final class Secret {
  private final String plaintext;

  @JsonCreator
  public Secret(String plaintext) {
    this.plaintext = Require.text("a secret", plaintext);
  }

  /// The plaintext. Hand it to what sends it, and to nothing else.
  @JsonValue
  public String reveal() {
    return plaintext;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && plaintext.equals(that.plaintext);
  }

  @Override
  public int hashCode() {
    return plaintext.hashCode();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
