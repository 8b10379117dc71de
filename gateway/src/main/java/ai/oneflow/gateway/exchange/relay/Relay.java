package ai.oneflow.gateway.exchange.relay;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/// Brings one answer from a provider to a caller. The last call is one of [#complete], [#fail] and
/// [#release].
public sealed interface Relay permits JsonRelay, EventRelay {

  /// A piece of the answer.
  ///
  /// @param piece belongs to the relay from now on
  /// @return why the answer cannot go on, if so
  Optional<GatewayError> content(ByteBuf piece);

  /// Whether the caller has some of the answer, so that there is no other any more.
  boolean begun();

  /// Nothing more has arrived for now.
  void readComplete();

  /// The provider has sent all.
  ///
  /// @return what is missing, if something is
  Optional<GatewayError> conclude();

  /// What the model wrote, as far as the provider has sent it.
  OutputSize written();

  /// What of that the caller may have.
  OutputSize passed();

  /// The texts of it, or the beginning of them, as far as they are kept. Slow: for the thread of a
  /// tokenizer, once no more of the answer comes.
  List<String> texts();

  /// The provider's figures so far; empty where it gave none.
  Optional<Usage> usage();

  /// The answer, or an event of it, tells of an error in the place of content.
  boolean carriesError();

  /// Ends the answer.
  ///
  /// @param costCredits for the header, where the head is not gone yet; empty where nothing was
  ///     priced
  void complete(Optional<String> costCredits);

  /// Ends the answer with an error: in its place where nothing was sent, and otherwise so that the
  /// caller cannot take it for complete.
  void fail(GatewayError error);

  /// The caller is gone.
  void release();
}
