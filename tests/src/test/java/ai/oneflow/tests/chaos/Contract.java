package ai.oneflow.tests.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.ReceivedRequest.State;
import ai.oneflow.simulator.Usage;
import ai.oneflow.tests.chaos.Expectation.Figures;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.ArrayList;
import java.util.List;

/// What must be in the ledger of a request after what happened to it: the rows of
/// `docs/accounting.md`, worked out from what provider and caller saw, in another way than the
/// gateway does it.
final class Contract {
  private static final String COMPLETED = "completed";
  private static final String PROVIDER_FAILED = "provider_failed";
  private static final String PROVIDER_REFUSED = "provider_refused";
  private static final String CALLER_GONE = "caller_gone";
  private static final String GATEWAY_FAILED = "gateway_failed";
  private static final int BYTES_A_TOKEN = 4;

  /// Of the model that is called.
  private static final Encoding O200K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  private final Evidence evidence;
  private final PlannedRequest planned;
  private final ReceivedRequest received;

  private Contract(Evidence evidence) {
    this.evidence = evidence;
    this.planned = evidence.planned();
    this.received = evidence.received().getFirst();
  }

  /// The lines that a request may have, where it reached a provider once. There are several only
  /// where a caller left or a gateway was killed, since either may have come after the end.
  static List<Expectation> expected(Evidence evidence) {
    return new Contract(evidence).lines();
  }

  private List<Expectation> lines() {
    List<Expectation> lines = new ArrayList<>();
    lines.addAll(undisturbed());
    if (evidence.interrupted()) {
      lines.add(new Expectation(GATEWAY_FAILED, between()));
    }
    return lines;
  }

  private List<Expectation> undisturbed() {
    return switch (planned.fault()) {
      case NOTHING,
          NO_USAGE,
          NULL_USAGE,
          USAGE_OF_ZERO,
          USAGE_WITH_EACH_TOKEN,
          GATEWAY_KILLED,
          REDIS_RESTARTED,
          SQL_STOPPED ->
          List.of(new Expectation(COMPLETED, whole()));
      case STATUS_429 -> List.of(new Expectation(PROVIDER_REFUSED, new Figures.None()));
      case STATUS_500,
          SILENCE,
          RESET_AT_ONCE,
          RESET_BEHIND_THE_HEAD,
          ERROR_EVENT_FIRST,
          GARBAGE_FIRST ->
          List.of(new Expectation(PROVIDER_FAILED, new Figures.None()));
      case RESET_MIDWAY,
          CLOSED_MIDWAY,
          SILENT_MIDWAY,
          NEVER_DONE,
          ERROR_EVENT_MIDWAY,
          GARBAGE_MIDWAY,
          BAD_CHUNK ->
          brokenOff();
      case CALLER_LEAVES_AT_ONCE, CALLER_LEAVES_MIDWAY -> left();
    };
  }

  private Figures whole() {
    return received
        .produced()
        .told()
        .<Figures>map(Figures.Told::new)
        .orElseGet(() -> exactly(received.planned().tokens().size()));
  }

  /// Half a JSON answer is an error. Of a stream the caller pays for what it got, and a caller who
  /// stayed knows what that was.
  private List<Expectation> brokenOff() {
    int got = planned.streamed() ? evidence.seen().tokens() : 0;
    List<Expectation> lines = new ArrayList<>();
    if (got == 0 || evidence.interrupted()) {
      lines.add(new Expectation(PROVIDER_FAILED, new Figures.None()));
    }
    if (evidence.interrupted()) {
      lines.add(new Expectation(PROVIDER_FAILED, between()));
    } else if (got > 0) {
      lines.add(new Expectation(PROVIDER_FAILED, exactly(got)));
    }
    return lines;
  }

  private List<Expectation> left() {
    List<Expectation> lines = new ArrayList<>();
    lines.add(new Expectation(CALLER_GONE, between()));
    if (evidence.seen().tokens() == 0) {
      // The provider had not got all of the request when the caller left.
      lines.add(new Expectation(CALLER_GONE, new Figures.None()));
    }
    received.produced().told().ifPresent(told -> lines.add(given(told)));
    if (received.produced().state() == State.COMPLETE) {
      lines.add(new Expectation(COMPLETED, whole()));
    }
    return lines;
  }

  private static Expectation given(Usage told) {
    return new Expectation(CALLER_GONE, new Figures.Told(told));
  }

  /// A caller who stayed, and a gateway that lived: counted with the model's tokenizer.
  private Figures exactly(int tokens) {
    return new Figures.Estimated(counted(tokens), counted(tokens));
  }

  /// At least what the caller got, at most what the provider sent; by its bytes where the gateway
  /// was killed.
  private Figures between() {
    int got = planned.streamed() ? evidence.seen().tokens() : 0;
    int sent =
        planned.streamed() ? received.produced().sentTokens() : received.planned().tokens().size();
    return new Figures.Estimated(
        Math.min(counted(got), byBytes(got)), Math.max(counted(sent), byBytes(sent)));
  }

  private long counted(int tokens) {
    return Math.max(pieces(tokens), O200K.countTokensOrdinary(text(tokens)));
  }

  /// A token for four bytes of text, or one for each piece of the answer where that is more.
  private long byBytes(int tokens) {
    int bytes = text(tokens).getBytes(UTF_8).length;
    return Math.max(pieces(tokens), Math.ceilDiv(bytes, BYTES_A_TOKEN));
  }

  private int pieces(int tokens) {
    return planned.streamed() ? tokens : Math.min(tokens, 1);
  }

  private String text(int tokens) {
    return String.join("", received.planned().tokens().subList(0, tokens));
  }
}
