package ai.oneflow.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How far an answer is read that nobody waits for.
final class ReadingOnTest {
  private static final long START = Long.MAX_VALUE - 5; // as nanoTime may well be

  private final ReadingOn readingOn = new ReadingOn(START);

  @Test
  void endsWithItsTime() {
    assertThat(readingOn.isOver(START)).isFalse();
    assertThat(readingOn.isOver(START + ReadingOn.MOST_NANOS - 1)).isFalse();
    assertThat(readingOn.isOver(START + ReadingOn.MOST_NANOS)).isTrue();
  }

  @Test
  void endsBehindTheMostBytes() {
    readingOn.read((int) ReadingOn.MOST_BYTES);
    assertThat(readingOn.isOver(START)).isFalse();

    readingOn.read(1);

    assertThat(readingOn.isOver(START)).isTrue();
  }
}
