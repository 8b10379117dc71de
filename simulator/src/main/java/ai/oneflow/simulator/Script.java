package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Splitting;

/// How one request is to be answered. Written as words, the same ones everywhere a script can stand
/// (see [#parse]): a request header, a marker in the prompt, the `user` field, a model's name, an
/// admin call, a test.
///
/// @param mark by which a test finds the request again; may be empty
public record Script(Outcome outcome, Timing timing, Shape shape, UsageReport usage, String mark) {
  public static final Script HONEST =
      new Script(new Outcome.Answer(), Timing.NONE, Shape.PLAIN, UsageReport.PLAIN, "");

  /// Reads `key=value` pairs, parted by spaces or commas; a value with either stands in single
  /// quotes. An example: `outcome=status status=429 retry-after=2`. All words are in
  /// `docs/simulator.md`.
  ///
  /// @throws IllegalArgumentException that names the word and what could stand there
  public static Script parse(String words) {
    return new ScriptReader(HONEST).read(words);
  }

  public Script withTiming(Timing other) {
    return new Script(outcome, other, shape, usage, mark);
  }

  public Script withSplitting(Splitting splitting) {
    return new Script(outcome, timing, shape.with(splitting), usage, mark);
  }
}
