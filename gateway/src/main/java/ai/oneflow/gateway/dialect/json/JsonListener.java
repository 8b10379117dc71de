package ai.oneflow.gateway.dialect.json;

/// Hears of the wanted fields of a text, in the order in which they stand there. Offsets count
/// bytes from the text's first.
public interface JsonListener {

  /// A string, number, boolean or null. `value` is lent for the call.
  ///
  /// @param start offset of its first byte, a string's quote included
  /// @param end offset behind its last byte
  void scalar(JsonField field, JsonScalar value, long start, long end);

  /// An object or array begins.
  ///
  /// @param start offset of the bracket
  void opened(JsonField field, boolean object, long start);

  /// The object or array that was opened last ends.
  ///
  /// @param end offset behind the bracket
  /// @param empty it had no member or element
  void closed(JsonField field, long end, boolean empty);
}
