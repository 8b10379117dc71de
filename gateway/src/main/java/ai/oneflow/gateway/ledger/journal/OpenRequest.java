package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import org.jspecify.annotations.Nullable;

/// A request on its way and where its frame lies; a link of the chain of its lane.
final class OpenRequest implements Opened {
  private final Lane lane;

  private Opening opening;
  private boolean ended;
  private int frames;
  private @Nullable Segment segment;
  private int wordsAt;
  private long outputWord;
  private long inputWord;

  /// Where the lane keeps it; the lane's alone.
  @Nullable OpenRequest older;

  @Nullable OpenRequest newer;

  /// How many files the lane had begun when this was written to one.
  int file;

  OpenRequest(Lane lane, Opening opening) {
    this.lane = lane;
    this.opening = opening;
  }

  Opening opening() {
    return opening;
  }

  /// How many frames it had before the one that is written next, of which the last 16 bits tell.
  short edition() {
    return (short) frames;
  }

  /// What the next frame says.
  void turnTo(Opening next) {
    opening = next;
    outputWord = 0;
    inputWord = 0;
  }

  long outputWord() {
    return outputWord;
  }

  long inputWord() {
    return inputWord;
  }

  /// Its frame is there now, and nowhere else.
  void writtenTo(Segment next, int progressAt) {
    Segment former = segment;
    next.opened();
    frames++;
    segment = next;
    wordsAt = progressAt;
    if (former != null) {
      former.closed();
    }
  }

  boolean isWritten() {
    return segment != null;
  }

  /// Its end is written, so its file may go.
  void forget() {
    Segment former = segment;
    if (former != null) {
      segment = null;
      former.closed();
    }
  }

  @Override
  public void progress(long outputTokens) {
    outputWord = ProgressWord.of(outputTokens);
    Segment current = segment;
    if (current != null) {
      current.overwrite(wordsAt, outputWord);
    }
  }

  @Override
  public void input(long inputTokens) {
    inputWord = ProgressWord.of(inputTokens);
    Segment current = segment;
    if (current != null) {
      current.overwrite(wordsAt + Long.BYTES, inputWord);
    }
  }

  @Override
  public void redirect(Opening next) {
    if (!next.id().equals(opening.id())) {
      throw new IllegalArgumentException(
          "a request must keep its id " + opening.id() + ", not become " + next.id());
    }
    if (!ended) {
      lane.redirect(this, next);
    }
  }

  @Override
  public boolean end(UsageEvent event) {
    boolean isWritten = lane.end(this, event);
    ended |= isWritten;
    return isWritten;
  }
}
