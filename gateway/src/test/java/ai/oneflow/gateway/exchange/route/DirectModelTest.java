package ai.oneflow.gateway.exchange.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.KeyDraft;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model that is asked for by its provider's name and its own, past every policy.
class DirectModelTest {
  private static final KeyDraft FREE = KeyDraft.of("free");
  private static final KeyDraft PUBLIC_ONLY = KeyDraft.of("public").models("gpt-*");
  private static final KeyDraft OF_ONE = KeyDraft.of("one").models("good/*");

  private final Router router = new Router();
  private final CompiledConfiguration configuration =
      Configurations.compile(
          Configurations.gateway(),
          FREE.entry(),
          PUBLIC_ONLY.entry(),
          OF_ONE.entry(),
          named(TargetDraft.of("cheap").price(1).entry(), "ai", "gpt-4o"),
          named(TargetDraft.of("good").price(9).entry(), "ai", "meta/llama-3"),
          named(TargetDraft.of("free").price(0).entry(), "ai", "gpt-4o"),
          named(TargetDraft.of("hosted").price(1).entry(), "ai", "gpt-4o"),
          named(TargetDraft.of("strange").price(1).entry(), "elsewhere", "gpt-4o"),
          route("gpt-4o", "cheap"),
          route("hosted/gpt-4o", "cheap"));

  private static RouteEntry route(String model, String provider) {
    return Configurations.route(
        model.replace('/', '-'), List.of(model), Configurations.target(provider, 1, 1));
  }

  private static Entry named(ProviderEntry like, String namespace, String model) {
    ModelEntry only = like.models().getFirst();
    return new ProviderEntry(
        namespace,
        like.name(),
        like.generation(),
        like.dialect(),
        like.endpoint(),
        like.credentials(),
        like.region(),
        List.of(
            new ModelEntry(
                model, only.prices(), only.capabilities(), only.quality(), only.latencyPrior())),
        like.timeouts(),
        like.breaker(),
        like.maxConcurrent(),
        like.queue(),
        like.requests(),
        like.tokens(),
        like.caCertificates(),
        like.insecureSkipVerify());
  }

  private Asked asked(KeyDraft key, String model) {
    ByteBuf json =
        Unpooled.copiedBuffer(
            "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            UTF_8);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reader.read(json);
    ParsedRequest request =
        new ParsedRequest(
            Surface.CHAT_COMPLETIONS,
            ((OpenAiRequestReader.Reading.Read) reader.finish()).request(),
            json);
    return new Asked(key.in(configuration), request, model, new DefaultHttpHeaders(), 0);
  }

  private ErrorCode refusal(KeyDraft key, String model) {
    return ((Routing.Refused) router.route(configuration, asked(key, model))).error().code();
  }

  private CompiledTarget target(KeyDraft key, String model) {
    List<CompiledTarget> targets =
        new ArrayList<>(
            ((Routing.Chosen) router.route(configuration, asked(key, model))).targets());
    assertThat(targets).hasSize(1);
    return targets.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "cheap/gpt-4o, ai/cheap, gpt-4o",
    "good/meta/llama-3, ai/good, meta/llama-3",
  })
  void goesToThatModelOfThatProvider(String model, String provider, String upstream) {
    CompiledTarget target = target(FREE, model);

    assertThat(target.provider().label()).isEqualTo(provider);
    assertThat(target.upstreamModel()).isEqualTo(upstream);
    assertThat(target.publicModel()).isEqualTo(model);
    assertThat(target.isPricedAt(0)).isTrue();
  }

  @Test
  void aPublicNameGoesFirst() {
    assertThat(target(FREE, "hosted/gpt-4o").provider().label()).isEqualTo("ai/cheap");
  }

  @ParameterizedTest
  @CsvSource({
    "nobody/gpt-4o, MODEL_NOT_FOUND",
    "cheap/gpt-5, MODEL_NOT_FOUND",
    "cheap/, MODEL_NOT_FOUND",
    "/gpt-4o, MODEL_NOT_FOUND",
    "ai/cheap/gpt-4o, MODEL_NOT_FOUND",
    "strange/gpt-4o, MODEL_NOT_FOUND",
    "elsewhere/strange/gpt-4o, MODEL_NOT_FOUND",
    "free/gpt-4o, MODEL_UNPRICED",
  })
  void refusesWhatIsNotThereOrHasNoPrice(String model, ErrorCode code) {
    assertThat(refusal(FREE, model)).isEqualTo(code);
  }

  @Test
  void asksTheKeyForThatName() {
    assertThat(refusal(PUBLIC_ONLY, "cheap/gpt-4o")).isEqualTo(ErrorCode.MODEL_NOT_PERMITTED);
    assertThat(refusal(OF_ONE, "cheap/gpt-4o")).isEqualTo(ErrorCode.MODEL_NOT_PERMITTED);
    assertThat(target(OF_ONE, "good/meta/llama-3").provider().label()).isEqualTo("ai/good");
  }

  @Test
  void isOfTheSameHealthAsUnderAPublicName() {
    assertThat(target(FREE, "cheap/gpt-4o").merits().health())
        .isSameAs(target(FREE, "gpt-4o").merits().health());
  }

  @Test
  void isExplainedAlike() {
    Explanation explanation = router.explain(configuration, asked(FREE, "cheap/gpt-4o"));

    assertThat(explanation.decision()).isInstanceOf(Explanation.Decision.Served.class);
    assertThat(explanation.candidates()).hasSize(1);
  }
}
