package ai.oneflow.gateway.dialect.tokens;

/// Reads what the name of one of OpenAI's models says of its family: `gpt-4o-2024-08-06`, a
/// fine-tuned `ft:gpt-4o-mini:team::id`, or `openai/gpt-4o` as brokers write it.
final class ModelNames {
  private ModelNames() {}

  /// Whether `model` is one of these families: `o1-mini` is of `o1`, `o100` is not.
  static boolean isOf(String model, String... families) {
    String name = bare(model);
    for (String family : families) {
      if (name.startsWith(family) && endsAt(name, family.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsAt(String name, int at) {
    return at == name.length() || "-:@".indexOf(name.charAt(at)) >= 0;
  }

  private static String bare(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return name.startsWith("ft:") ? name.substring(3) : name;
  }
}
