package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import java.util.ArrayList;
import java.util.List;

/// What is to be told when the lock is released. Belongs to one call.
final class Outbox {
  private final Crossing.Listener listener;
  private final List<Runnable> all = new ArrayList<>();

  Outbox(Crossing.Listener listener) {
    this.listener = listener;
  }

  void add(Take take, Taking taking) {
    all.add(() -> take.loop().execute(() -> take.then().accept(taking)));
  }

  void add(Look look, List<Standing> standings) {
    all.add(() -> look.loop().execute(() -> look.then().accept(standings)));
  }

  void add(Crossing crossing) {
    all.add(() -> listener.crossed(crossing));
  }

  void add(Runnable told) {
    all.add(told);
  }

  void send() {
    all.forEach(Runnable::run);
  }
}
