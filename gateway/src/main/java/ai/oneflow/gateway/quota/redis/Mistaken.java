package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Leases of this process that others took for dead while it lived.
///
/// They counted what the ledger had of it and they had not been told. This process counts the same
/// by itself, so what they counted is taken back: their word for it is in the lease they ended.
/// Belongs to the caretaker's thread.
final class Mistaken {
  private final Keys keys;
  private final Commands commands;
  private final Desk desk;
  private final Reaper reaper;
  private final List<String> leases = new ArrayList<>();

  Mistaken(Keys keys, Commands commands, Desk desk, Reaper reaper) {
    this.keys = keys;
    this.commands = commands;
    this.desk = desk;
    this.reaper = reaper;
  }

  void add(String lease) {
    leases.add(lease);
  }

  /// Counters are made anew.
  void clear() {
    leases.clear();
  }

  boolean isEmpty() {
    return leases.isEmpty();
  }

  /// Takes back what is certain by now; ends what nobody is at any more.
  void settle(String epoch) throws Unanswered, InterruptedException {
    for (String lease : List.copyOf(leases)) {
      Map<String, byte[]> fields = commands.hash(keys.lease(lease));
      if (fields.isEmpty() || fields.containsKey("d")) {
        fields.forEach(this::takeBack);
        leases.remove(lease);
      } else {
        reaper.finish(lease, epoch);
      }
    }
  }

  private void takeBack(Booking was) {
    Counter counter = desk.counter(was.counter());
    was.inParts(part -> desk.add(new Change(counter, was.place(), 0, -part)));
  }

  private void takeBack(String field, byte[] value) {
    if (field.startsWith(Booking.COUNTED)) {
      Booking.read(field.substring(Booking.COUNTED.length()), value).ifPresent(this::takeBack);
    }
  }
}
