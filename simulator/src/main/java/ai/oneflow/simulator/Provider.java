package ai.oneflow.simulator;

import ai.oneflow.simulator.ReceivedRequest.Planned;
import ai.oneflow.simulator.ReceivedRequest.Produced;
import ai.oneflow.simulator.recording.Recording;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Decides what to perform for a request: key, script, surface, in this order. Touches no socket.
final class Provider {
  private static final String MODELS = "/v1/models";
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXTS = "/v1/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final Set<String> POSTED = Set.of(CHAT, TEXTS, EMBEDDINGS);

  private final JsonMapper json = new JsonMapper();
  private final AtomicLong requestNumbers = new AtomicLong();
  private final long seed;
  private final Models models;
  private final ChatSurface chat;
  private final TextSurface texts;
  private final EmbeddingsSurface embeddings;
  private final Scripts scripts = new Scripts();
  private final ScriptFinder finder;
  private final Journal journal = new Journal();
  private final Admin admin = new Admin(this);
  private volatile AcceptedKeys keys;
  private volatile Replay replay;

  Provider(SimulatorOptions options, Clock clock) {
    this.seed = options.seed();
    this.models = new Models(options.models());
    CompletionMaker maker = new CompletionMaker(seed, models, clock);
    this.chat = new ChatSurface(maker);
    this.texts = new TextSurface(maker);
    this.embeddings = new EmbeddingsSurface(models);
    this.finder = new ScriptFinder(scripts, usual(options));
    this.keys = options.keys();
    this.replay = new Replay(options.recordings());
  }

  private static Script usual(SimulatorOptions options) {
    return Script.HONEST.withTiming(options.timing()).withSplitting(options.splitting());
  }

  Scripts scripts() {
    return scripts;
  }

  Journal journal() {
    return journal;
  }

  void accept(AcceptedKeys others) {
    keys = others;
  }

  void replay(List<Recording> recordings, Script usual) {
    finder.usual(usual);
    replay = new Replay(recordings);
  }

  Play play(ReceivedCall call) {
    if (Admin.handles(call)) {
      return new Play(
          Staging.stage(admin.draft(call), Script.HONEST, seed),
          Play.UNNOTED,
          Produced.begin(200, Usage.NOTHING));
    }
    JsonNode body = parse(call);
    try {
      String authorization = call.header("authorization").orElse("");
      if (!keys.accepts(authorization)) {
        return play(call, refusal(authorization), Script.HONEST);
      }
      Script script = finder.find(call, body);
      return play(call, draft(call, body, script), script);
    } catch (IllegalArgumentException e) {
      String message = "The script cannot be read: " + e.getMessage();
      return play(call, Draft.of(OpenAiError.invalid("", "bad_script", message)), Script.HONEST);
    }
  }

  private Play play(ReceivedCall call, Draft honest, Script script) {
    String requestId = "req_%016x".formatted(requestNumbers.incrementAndGet() ^ seed);
    Draft draft =
        Staging.substitute(honest, script.outcome())
            .withUsual("x-request-id", requestId)
            .withUsual("openai-version", "2020-10-01");
    Produced produced = Produced.begin(draft.status(), draft.said().usage());
    List<String> tokens = draft.said().tokens();
    long entry =
        journal.open(
            new ReceivedRequest(
                0,
                requestId,
                call.method(),
                call.path(),
                AcceptedKeys.prefix(call.header("authorization").orElse("")),
                withoutAuthorization(call.headers()),
                call.body(),
                new Planned(script.mark(), script.outcome().label(), draft.streamed(), tokens),
                produced));
    List<Step> steps = Staging.stage(draft, script, seedOf(call, script));
    return new Play(steps, entry, produced);
  }

  private static Map<String, List<String>> withoutAuthorization(Map<String, List<String>> headers) {
    Map<String, List<String>> others = new LinkedHashMap<>(headers);
    others.remove("authorization");
    return others;
  }

  private static Draft refusal(String authorization) {
    return Draft.of(authorization.isEmpty() ? OpenAiError.missingKey() : OpenAiError.wrongKey());
  }

  private JsonNode parse(ReceivedCall call) {
    try {
      return json.readTree(call.body().text());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private Draft draft(ReceivedCall call, JsonNode body, Script script) {
    Replay recorded = replay;
    if (!recorded.isEmpty()) {
      return recorded.draft(call);
    }
    if (call.is("GET", MODELS)) {
      return models.list();
    }
    if (call.method().equals("GET") && call.path().startsWith(MODELS + "/")) {
      return models.one(call.path().substring(MODELS.length() + 1));
    }
    if (call.method().equals("POST") && POSTED.contains(call.path()) && !body.isObject()) {
      return Draft.of(
          OpenAiError.invalid(
              "", "", "We could not parse the JSON body of your request. Expected a JSON object."));
    }
    return switch (call.method() + " " + call.path()) {
      case "POST " + CHAT -> chat.draft(body, script, seedOf(call, script));
      case "POST " + TEXTS -> texts.draft(body, script, seedOf(call, script));
      case "POST " + EMBEDDINGS -> embeddings.draft(body, script);
      default -> Draft.of(OpenAiError.unknownUrl(call.method(), call.path()));
    };
  }

  private long seedOf(ReceivedCall call, Script script) {
    return script.shape().seed() == 0
        ? seed * 31 + Integer.toUnsignedLong(call.body().hashCode())
        : script.shape().seed();
  }
}
