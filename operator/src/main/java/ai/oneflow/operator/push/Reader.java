package ai.oneflow.operator.push;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.Nack;
import ai.oneflow.snapshot.RefusedCredentials;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Warning;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Reads one call: a [Hello] first, then answers, and reports between them. gRPC calls it from one
/// thread at a time.
final class Reader implements StreamObserver<FromGateway> {
  private final Fleet fleet;
  private final Caller caller;
  private final StreamObserver<EncodedPush> out;
  private Optional<GatewayStream> stream = Optional.empty();
  private boolean ended;

  Reader(Fleet fleet, Caller caller, StreamObserver<EncodedPush> out) {
    this.fleet = fleet;
    this.caller = caller;
    this.out = out;
  }

  @Override
  public void onNext(FromGateway message) {
    if (ended) {
      return;
    }
    switch (message) {
      case Hello hello -> greet(hello);
      case Ack ack ->
          stream.ifPresentOrElse(s -> fleet.acknowledged(s, ack), this::endForWantOfHello);
      case Nack nack ->
          stream.ifPresentOrElse(s -> fleet.refused(s, nack), this::endForWantOfHello);
      case Spending spending -> tell((listener, gateway) -> listener.spent(gateway, spending));
      case Warning warning -> tell((listener, gateway) -> listener.warned(gateway, warning));
      case KeyUses uses -> tell((listener, gateway) -> listener.used(gateway, uses));
      case BreakerStates said ->
          stream.ifPresentOrElse(s -> fleet.breakers(s, said), this::endForWantOfHello);
      case RefusedCredentials said ->
          stream.ifPresentOrElse(s -> fleet.credentials(s, said), this::endForWantOfHello);
    }
  }

  private void tell(BiConsumer<FleetListener, GatewayId> hearing) {
    stream.ifPresentOrElse(s -> fleet.told(s, hearing), this::endForWantOfHello);
  }

  private void greet(Hello hello) {
    GatewayId claimed = new GatewayId(hello.gatewayNamespace(), hello.gatewayName());
    if (stream.isPresent()) {
      end(Status.FAILED_PRECONDITION.withDescription("a stream has one hello"));
    } else if (!claimed.equals(caller.gateway())) {
      end(
          Status.PERMISSION_DENIED.withDescription(
              "the token is for gateway " + caller.gateway() + ", not for " + claimed));
    } else {
      stream = Optional.of(fleet.join(caller, hello, out));
    }
  }

  private void endForWantOfHello() {
    end(Status.FAILED_PRECONDITION.withDescription("the first message must be a hello"));
  }

  private void end(Status why) {
    ended = true;
    stream.ifPresentOrElse(s -> fleet.end(s, why), () -> out.onError(why.asRuntimeException()));
  }

  @Override
  public void onError(Throwable gone) {
    stream.ifPresent(fleet::lost);
  }

  @Override
  public void onCompleted() {
    if (!ended) {
      stream.ifPresentOrElse(fleet::left, out::onCompleted);
    }
  }
}
