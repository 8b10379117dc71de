package ai.oneflow.gateway.dialect.tokens;

import java.util.Optional;

/// The vocabularies that are public and whose models are known by their names
/// (<https://github.com/openai/tiktoken/blob/main/tiktoken/model.py>).
public enum Tokenizer {
  /// `gpt-oss` has a few control tokens more (`o200k_harmony`), none of which is text.
  O200K_BASE,
  CL100K_BASE;

  /// The tokenizer of a model; empty where the name tells of none, as for all models of other
  /// houses and for names that somebody chose.
  public static Optional<Tokenizer> of(String model) {
    if (ModelNames.isOf(
        model,
        "gpt-4o",
        "chatgpt-4o",
        "gpt-4.1",
        "gpt-4.5",
        "gpt-5",
        "gpt-oss",
        "o1",
        "o3",
        "o4")) {
      return Optional.of(O200K_BASE);
    }
    return ModelNames.isOf(
            model, "gpt-4", "gpt-3.5", "gpt-35", "text-embedding-3", "text-embedding-ada-002")
        ? Optional.of(CL100K_BASE)
        : Optional.empty();
  }
}
