package ai.oneflow.gateway.dialect.tokens;

/// What a request says about the length of its answer.
///
/// @param maxTokens [#NONE] where it does not say, or says what is no whole number
/// @param maxCompletionTokens the same under the name that supersedes it; providers that do not
///     know the name pass it over
/// @param choices how many answers to one prompt, at least 1: on the surface `completions` the
///     larger of `n` and `best_of`
/// @param prompts how many prompts, at least 1; only the surface `completions` takes several
/// @param predictedBytes a predicted answer: what of it is not used is paid as output on top of all
public record OutputCap(
    long maxTokens, long maxCompletionTokens, int choices, int prompts, long predictedBytes) {
  /// No length is given.
  public static final long NONE = -1;

  /// A request that says nothing.
  public static final OutputCap UNSAID = new OutputCap(NONE, NONE, 1, 1, 0);

  public OutputCap {
    if (maxTokens < NONE || maxCompletionTokens < NONE || predictedBytes < 0) {
      throw new IllegalArgumentException("no length may be negative");
    }
    if (choices < 1 || prompts < 1) {
      throw new IllegalArgumentException(
          "there is at least one choice of one prompt, not " + choices + " of " + prompts);
    }
  }

  /// Tokens of one choice at most, or [#NONE]. Where both names are given, the larger of the two:
  /// which of them holds is the provider's affair.
  ///
  /// @param newNameHolds the provider keeps to the newer name where it is given alone
  public long ofOneChoice(boolean newNameHolds) {
    return maxTokens == NONE && !newNameHolds ? NONE : Math.max(maxTokens, maxCompletionTokens);
  }
}
