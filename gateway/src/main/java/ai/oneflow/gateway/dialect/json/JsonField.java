package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A place in a JSON text that somebody wants to know of: the root, a member of an object by its
/// name, or every element of an array. Immutable, made once, told apart by identity.
public final class JsonField {
  private final String name;
  private final byte[] nameBytes;
  private final JsonField[] members;
  private final @Nullable JsonField element;
  private final int heldBytes;

  private JsonField(String name, JsonField[] members, @Nullable JsonField element, int heldBytes) {
    this.name = name;
    this.nameBytes = name.toLowerCase(Locale.ROOT).getBytes(UTF_8);
    this.members = members;
    this.element = element;
    this.heldBytes = heldBytes;
  }

  /// A member of this name, whatever the case of its letters, with what is wanted inside it.
  public static JsonField field(String name, JsonField... members) {
    return new JsonField(name, members.clone(), null, JsonScalar.MAX_BYTES);
  }

  /// A member of this name that is an array, each element of which is `element`.
  public static JsonField array(String name, JsonField element) {
    return new JsonField(name, new JsonField[0], element, JsonScalar.MAX_BYTES);
  }

  /// The text itself, or an element of an array.
  public static JsonField of(JsonField... members) {
    return new JsonField("", members.clone(), null, JsonScalar.MAX_BYTES);
  }

  /// This field, of whose scalars only the kind, the size and the first bytes are wanted: no more
  /// of a long text is copied.
  public JsonField holding(int bytes) {
    return new JsonField(name, members, element, bytes);
  }

  public String name() {
    return name;
  }

  /// Letters of either case are the same: there are providers that read `Model` as `model`, as Go's
  /// library does.
  @Nullable JsonField member(byte[] bytes, int length) {
    for (JsonField member : members) {
      byte[] wanted = member.nameBytes;
      if (wanted.length == length && equalsIgnoringCase(wanted, bytes)) {
        return member;
      }
    }
    return null;
  }

  private static boolean equalsIgnoringCase(byte[] wanted, byte[] bytes) {
    for (int i = 0; i < wanted.length; i++) {
      int other = bytes[i];
      if (wanted[i] != (other >= 'A' && other <= 'Z' ? other | 0x20 : other)) {
        return false;
      }
    }
    return true;
  }

  @Nullable JsonField element() {
    return element;
  }

  int heldBytes() {
    return heldBytes;
  }

  boolean hasMembers() {
    return members.length > 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
