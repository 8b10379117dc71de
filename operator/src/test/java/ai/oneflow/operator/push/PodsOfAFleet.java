package ai.oneflow.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.Nack;
import ai.oneflow.snapshot.Push;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.SnapshotVersion;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A fleet of one LLMGateway, the pods' ends of its streams, and what its listener heard.
final class PodsOfAFleet {
  static final GatewayId MAIN = new GatewayId("ai", "main");

  final SetClock clock = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));
  final Heard heard = new Heard();
  final Fleet fleet = new Fleet(clock, heard);

  Pod join(String instance, Optional<SnapshotVersion> held) {
    Pod pod = new Pod();
    Caller caller = new Caller(MAIN, "token of " + instance);
    pod.stream.add(fleet.join(caller, new Hello("ai", "main", instance, held), pod));
    return pod;
  }

  static GatewaySnapshot snapshot(int... quotas) {
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new GatewayEntry("ai", "main", 1, 1, List.of(), Optional.empty(), Optional.empty()));
    for (int quota : quotas) {
      entries.add(quota(quota));
    }
    return GatewaySnapshot.of(entries);
  }

  static QuotaEntry quota(int number) {
    return new QuotaEntry(
        "ai",
        "q" + number,
        1,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        false);
  }

  /// A gateway's end of a stream.
  final class Pod implements StreamObserver<EncodedPush> {
    final List<EncodedPush> received = new ArrayList<>();
    final List<GatewayStream> stream = new ArrayList<>();
    private Status end = Status.OK;
    boolean broken;

    GatewayStream stream() {
      return stream.getFirst();
    }

    Push only() {
      assertThat(received).hasSize(1);
      return last();
    }

    Push last() {
      return received.getLast().push();
    }

    boolean awaitsAnswer() {
      return stream().state instanceof StreamState.Pushing;
    }

    Status ended() {
      return end;
    }

    void ack() {
      fleet.acknowledged(stream(), new Ack(last().nonce(), last().version()));
    }

    void nack(Refusal refusal) {
      fleet.refused(stream(), new Nack(last().nonce(), last().version(), List.of(refusal)));
    }

    @Override
    public void onNext(EncodedPush push) {
      if (broken) {
        throw Status.CANCELLED.withDescription("call already cancelled").asRuntimeException();
      }
      received.add(push);
    }

    @Override
    public void onError(Throwable error) {
      end = Status.fromThrowable(error);
    }

    @Override
    public void onCompleted() {}
  }

  static final class Heard implements FleetListener {
    final List<Rejection> rejections = new ArrayList<>();
    int breakers;

    @Override
    public void breakersChanged(GatewayId gateway) {
      breakers++;
    }

    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {
      rejections.add(rejection);
    }
  }
}
