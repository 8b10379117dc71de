package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final Destination CHAT =
      new Destination("chat.completions", "smart", "ai", "openai", "gpt-4o");

  private final FrameWriter writer = new FrameWriter();

  @Property
  void everyEventComesBackAsItWas(
      @ForAll @Size(13) List<@LongRange(min = 0, max = Long.MAX_VALUE) Long> numbers,
      @ForAll Outcome outcome,
      @ForAll UsageSource source,
      @ForAll ChargeState state,
      @ForAll @IntRange(max = 999) int status) {
    UsageEvent plain =
        event(numbers, new Ending(outcome, status, status % 2 == 0, 5), source, state);
    UsageEvent event = plain.withFailed(failed(outcome, status, numbers.get(3)));

    assertThat(readBack(event)).containsExactly(event);
  }

  @Test
  void theLargestTextsFit() {
    String longest = "\uFFFD".repeat(512);
    Caller caller = new Caller(longest, longest, longest, longest);
    Destination destination = new Destination(longest, longest, longest, longest, longest);

    FrameReader reader = new FrameReader(_ -> {});
    List<UsageEvent> events = new ArrayList<>();
    reader.read(frameOf(writer.caller(caller)), events);
    reader.read(frameOf(writer.destination(destination)), events);

    assertThat(events).isEmpty();
  }

  /// A change here needs a new format of the journal: old files must keep their meaning.
  @Test
  void codesAreWhatFilesOfThisFormatHold() {
    assertThat(Stream.of(Outcome.values()).map(Outcome::code)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(Stream.of(UsageSource.values()).map(UsageSource::code)).containsExactly(1, 2, 3);
    assertThat(Stream.of(ChargeState.values()).map(ChargeState::code)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void refusesWhatMakesNoSense() {
    FrameReader reader = new FrameReader(_ -> {});
    ByteBuffer unknown = ByteBuffer.wrap(new byte[] {9});

    assertThatThrownBy(() -> reader.read(unknown, new ArrayList<>()))
        .hasMessage("a frame of unknown type 9");
  }

  @Test
  void aDestinationTakesNoMoreRoomThanIsSaid() {
    String longest = "\uFFFD".repeat(512);
    Destination destination = new Destination(longest, longest, longest, longest, longest);

    assertThat(FrameWriter.mostBytes(destination))
        .isEqualTo(writer.destination(destination).length());
    assertThat(FrameWriter.mostBytes(CHAT)).isGreaterThan(writer.destination(CHAT).length());
  }

  private List<UsageEvent> readBack(UsageEvent event) {
    FrameReader reader = new FrameReader(_ -> {});
    List<UsageEvent> events = new ArrayList<>();
    reader.read(frameOf(writer.caller(event.caller())), events);
    reader.read(frameOf(writer.destination(event.destination())), events);
    reader.read(frameOf(writer.priceVersion(event.cost().priceVersion())), events);
    reader.read(frameOf(writer.destination(Events.EMBEDDINGS)), events);
    writer.event(event, 0, 0, 0);
    for (FailedAttempt attempt : event.failed()) {
      writer.failed(attempt, attempt.destination().equals(Events.EMBEDDINGS) ? 1 : 0);
    }
    reader.read(frameOf(writer), events);
    return events;
  }

  /// Up to as many as there may be, to either destination.
  private static List<FailedAttempt> failed(Outcome outcome, int count, long probable) {
    return IntStream.range(0, count % 101)
        .mapToObj(i -> i % 3 == 0 ? Events.EMBEDDINGS : CHAT)
        .map(destination -> new FailedAttempt(destination, outcome, probable))
        .toList();
  }

  private static ByteBuffer frameOf(FrameWriter frame) {
    return ByteBuffer.wrap(frame.bytes().clone(), 0, frame.length()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static UsageEvent event(
      List<Long> n, Ending ending, UsageSource source, ChargeState state) {
    Usage usage =
        new Usage(
            n.get(0), n.get(1), n.get(2), n.get(3), n.get(4), n.get(5), n.get(6), n.get(7),
            n.get(10), n.get(11), n.get(12));
    return new UsageEvent(
        new EventId(n.get(8), -n.get(9)),
        new Caller("ns", "key", "Zoë", ""),
        CHAT,
        ending,
        usage,
        source,
        new Cost(state, n.get(9), "7f3c"),
        n.get(0) % 2 == 0,
        List.of());
  }
}
