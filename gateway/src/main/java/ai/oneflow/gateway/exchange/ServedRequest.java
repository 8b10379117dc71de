package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamEnd;
import ai.oneflow.gateway.exchange.accept.AcceptedRequest;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.route.Asked;

/// A request that is to be served by a provider, whichever that will be.
///
/// @param configuration the one that it began with
/// @param asked what the caller sent; its body belongs to the [Attempts]
record ServedRequest(
    CompiledConfiguration configuration,
    AcceptedRequest accepted,
    Downstream downstream,
    Asked asked) {

  /// The last events of a stream that is ended at its length.
  byte[] lengthReached() {
    OpenAiRequest fields = asked.request().fields();
    return OpenAiStreamEnd.lengthReached(
        asked.request().surface(), accepted.id(), fields.model(), fields.output().choices());
  }
}
