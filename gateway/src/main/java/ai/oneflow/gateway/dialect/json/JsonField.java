package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in a JSON text that somebody wants to know of: the root, a member of an object by its
/// name, or every element of an array. Immutable, made once, told apart by identity.
public final class JsonField {
  private final String name;
  private final byte[] nameBytes;
  private final JsonField[] members;
  private final @Nullable JsonField element;

  private JsonField(String name, List<JsonField> members, @Nullable JsonField element) {
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
    this.members = members.toArray(JsonField[]::new);
    this.element = element;
  }

  /// A member of this name, with what is wanted inside it.
  public static JsonField field(String name, JsonField... members) {
    return new JsonField(name, List.of(members), null);
  }

  /// A member of this name that is an array, each element of which is `element`.
  public static JsonField array(String name, JsonField element) {
    return new JsonField(name, List.of(), element);
  }

  /// The text itself, or an element of an array.
  public static JsonField of(JsonField... members) {
    return new JsonField("", List.of(members), null);
  }

  public String name() {
    return name;
  }

  @Nullable JsonField member(byte[] bytes, int length) {
    for (JsonField member : members) {
      byte[] wanted = member.nameBytes;
      if (wanted.length == length && Arrays.equals(wanted, 0, length, bytes, 0, length)) {
        return member;
      }
    }
    return null;
  }

  @Nullable JsonField element() {
    return element;
  }

  boolean hasMembers() {
    return members.length > 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
