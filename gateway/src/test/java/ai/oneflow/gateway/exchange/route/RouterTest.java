package ai.oneflow.gateway.exchange.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.KeyDraft;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.ModelEntry.Capabilities;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Requirements;
import ai.oneflow.snapshot.RouteEntry.Selection;
import ai.oneflow.snapshot.RouteEntry.Sticky;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import ai.oneflow.snapshot.RouteEntry.Weights;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouterTest {
  private static final KeyDraft KEY = KeyDraft.of("search").models("gpt-*");
  private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
  private static final Requirements ANY = new Requirements(List.of(), 0, OptionalLong.empty());
  private static final TargetDraft CHEAP = target("cheap").price(1).latency(3_000).quality(40);
  private static final TargetDraft FAST = target("fast").price(9).latency(100).quality(30);
  private static final TargetDraft GOOD = target("good").price(10).latency(2_000).quality(95);

  private final Router router = new Router();
  private final HttpHeaders headers = new DefaultHttpHeaders();

  @ParameterizedTest
  @CsvSource({
    "COST_OPTIMIZED, cheap fast good",
    "LATENCY_OPTIMIZED, fast good cheap",
    "QUALITY_OPTIMIZED, good cheap fast",
  })
  void putsFirstWhatTheStrategyIsAbout(Strategy strategy, String order) {
    assertThat(chosen(selection(strategy), GOOD, CHEAP, FAST)).isEqualTo(order);
  }

  /// Cost 1, 1/9, 0; latency 0, 1, 1000/2900; quality 10/65, 0, 1.
  @ParameterizedTest
  @CsvSource({
    "100, 0, 0, cheap fast good",
    "40, 30, 30, cheap good fast",
    "0, 50, 50, good fast cheap",
    "10, 80, 10, fast good cheap"
  })
  void balancesByTheWeightsOfThePolicy(int cost, int latency, int quality, String order) {
    Selection balanced =
        new Selection(
            Strategy.BALANCED,
            new Weights(cost, latency, quality),
            ANY,
            2,
            Optional.empty(),
            false,
            Unpriced.REFUSE);

    assertThat(chosen(balanced, FAST, GOOD, CHEAP)).isEqualTo(order);
  }

  @Test
  void takesTheFasterOfTwoThatCostTheSame() {
    assertThat(
            chosen(
                selection(Strategy.COST_OPTIMIZED),
                target("slow").latency(900),
                target("quick").latency(200)))
        .isEqualTo("quick slow");
  }

  @Test
  void takesThePriorityFirstAndThenTheGreaterWeight() {
    assertThat(
            chosen(
                selection(Strategy.PRIORITY),
                target("last").priority(2).weight(90),
                target("second").priority(1).weight(10),
                target("first").priority(1).weight(80)))
        .isEqualTo("first second last");
  }

  @Test
  void ranksAllThatCanServeHoweverManyFallbacksThereAre() {
    Selection none =
        new Selection(
            Strategy.PRIORITY,
            new Weights(40, 30, 30),
            ANY,
            0,
            Optional.empty(),
            false,
            Unpriced.REFUSE);

    assertThat(chosen(none, target("a"), target("b"), target("c"))).isEqualTo("a b c");
  }

  @Test
  void goesByWhatWasMeasured() {
    CompiledConfiguration configuration =
        configuration(selection(Strategy.LATENCY_OPTIMIZED), FAST, GOOD);
    TargetHealth fast = health(configuration, "fast");
    for (int i = 0; i < 20; i++) {
      fast.answered(true, Duration.ofSeconds(5).toNanos(), System.nanoTime());
    }

    assertThat(labels(route(configuration, HELLO + ",\"stream\":true"))).isEqualTo("good fast");
    assertThat(labels(route(configuration, HELLO))).isEqualTo("fast good");
  }

  @Test
  void passesOverWhatOftenFails() {
    CompiledConfiguration configuration =
        configuration(
            selection(Strategy.QUALITY_OPTIMIZED), target("a").quality(51), target("b"), CHEAP);
    TargetHealth a = health(configuration, "a");
    for (int i = 0; i < 20; i++) {
      a.failed(Permit.PLAIN, System.nanoTime());
      a.succeeded(Permit.PLAIN, System.nanoTime());
    }

    assertThat(labels(route(configuration, HELLO))).startsWith("b ");
  }

  @Test
  void leavesAloneWhatIsBrokenOrWantsAPause() {
    CompiledConfiguration configuration =
        configuration(selection(Strategy.PRIORITY), target("a"), target("b"), target("c"));
    breakOpen(health(configuration, "a"));
    health(configuration, "b").pause(Duration.ofSeconds(20), System.nanoTime());

    assertThat(labels(route(configuration, HELLO))).isEqualTo("c");
  }

  @Test
  void saysWhenToComeAgainWhereAllAreLeftAlone() {
    CompiledConfiguration configuration =
        configuration(selection(Strategy.PRIORITY), target("a"), target("b"));
    health(configuration, "a").pause(Duration.ofSeconds(50), System.nanoTime());
    health(configuration, "b").pause(Duration.ofSeconds(20), System.nanoTime());
    GatewayError paused = error(route(configuration, HELLO));
    breakOpen(health(configuration, "a"));
    GatewayError broken = error(route(configuration, HELLO));

    assertThat(paused.code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
    assertThat(broken.code()).isEqualTo(ErrorCode.PROVIDER_UNAVAILABLE);
    assertThat(paused.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
    assertThat(broken.message())
        .isEqualTo(
            "No target of the model gpt-4o is called at present. ai/a gpt-4o: the model has failed"
                + " several times in a row and is left alone for a while; ai/b gpt-4o: the"
                + " provider wants to be left alone for a while.");
  }

  private static void breakOpen(TargetHealth health) {
    for (int i = 0; i < 5; i++) {
      health.failed(Permit.PLAIN, System.nanoTime());
    }
  }

  @Test
  void splitsByWeight() {
    CompiledConfiguration configuration =
        configuration(
            selection(Strategy.WEIGHTED),
            target("most").weight(80),
            target("some").weight(20),
            target("none").weight(0));
    Map<String, Integer> firsts = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      firsts.merge(first(route(configuration, HELLO)), 1, Integer::sum);
    }

    assertThat(firsts).containsOnlyKeys("most", "some");
    assertThat(firsts.get("some")).isCloseTo(4_000, within(300));
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void keepsASessionWithItsTarget(Strategy strategy) {
    CompiledConfiguration configuration =
        configuration(
            sticky(strategy), target("a").weight(50), target("b").weight(30), target("c"));

    for (int session = 0; session < 50; session++) {
      headers.set("x-session", "session-" + session);
      String target = first(route(configuration, HELLO));
      for (int i = 0; i < 5; i++) {
        assertThat(first(route(configuration, HELLO))).isEqualTo(target);
      }
    }
  }

  @Test
  void movesOnlyTheSessionsOfATargetThatGoes() {
    TargetDraft a = target("a").weight(50);
    TargetDraft b = target("b").weight(30);
    TargetDraft c = target("c").weight(20);
    CompiledConfiguration three = configuration(sticky(Strategy.WEIGHTED), a, b, c);
    CompiledConfiguration two = configuration(sticky(Strategy.WEIGHTED), a, c);
    int ofB = 0;
    for (int session = 0; session < 2_000; session++) {
      headers.set("x-session", "session-" + session);
      String before = first(route(three, HELLO));
      String after = first(route(two, HELLO));
      ofB += before.equals("b") ? 1 : 0;
      assertThat(after).isEqualTo(before.equals("b") ? after : before);
    }
    assertThat(ofB).isCloseTo(600, within(100));
  }

  /// One that differs from the others as much as may be, by which their scores change.
  @ParameterizedTest
  @EnumSource(Strategy.class)
  void movesOnlyTheSessionsThatATargetGetsWhichComes(Strategy strategy) {
    TargetDraft a = target("a").weight(50).price(5).latency(900).quality(60);
    TargetDraft b = target("b").weight(30).price(6).latency(800).quality(70);
    TargetDraft other = target("other").weight(20).price(1_000).latency(60_000).quality(1);
    CompiledConfiguration two = configuration(sticky(strategy), a, b);
    CompiledConfiguration three = configuration(sticky(strategy), a, b, other);
    int moved = 0;
    for (int session = 0; session < 2_000; session++) {
      headers.set("x-session", "session-" + session);
      String before = first(route(two, HELLO));
      String after = first(route(three, HELLO));
      moved += after.equals("other") ? 1 : 0;
      assertThat(after).isIn(before, "other");
    }
    assertThat(moved).isCloseTo(400, within(100));
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void movesNoSessionForWhatIsMeasured(Strategy strategy) {
    CompiledConfiguration configuration =
        configuration(sticky(strategy), target("a").latency(200), target("b").latency(210));
    List<String> before = firsts(configuration);
    for (int i = 0; i < 20; i++) {
      health(configuration, "a")
          .answered(false, Duration.ofSeconds(9).toNanos(), System.nanoTime());
      health(configuration, "a").failed(Permit.PLAIN, System.nanoTime());
      health(configuration, "a").succeeded(Permit.PLAIN, System.nanoTime());
    }

    assertThat(firsts(configuration)).isEqualTo(before).contains("a", "b");
  }

  private List<String> firsts(CompiledConfiguration configuration) {
    List<String> firsts = new ArrayList<>();
    for (int session = 0; session < 200; session++) {
      headers.set("x-session", "session-" + session);
      firsts.add(first(route(configuration, HELLO)));
    }
    return firsts;
  }

  @Test
  void keepsNobodyWhoChoosesAStrategy() {
    Selection free =
        new Selection(
            Strategy.BALANCED,
            new Weights(40, 30, 30),
            ANY,
            2,
            Optional.of(new Sticky(Sticky.By.HEADER, "x-session")),
            true,
            Unpriced.REFUSE);
    CompiledConfiguration configuration = configuration(free, GOOD, CHEAP, FAST);
    headers.set("oneflow-strategy", "CostOptimized");

    assertThat(firsts(configuration)).containsOnly("cheap");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools  | "tools":[{"type":"function","function":{"name":"f"}}]
          vision | "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y"}}]}]
          schema | "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}}
          """)
  void leavesOutAModelThatCannotDoWhatIsAskedFor(String lacking, String body) {
    TargetDraft unable =
        target("unable")
            .able(
                new Capabilities(
                    0,
                    0,
                    !lacking.equals("tools"),
                    !lacking.equals("vision"),
                    !lacking.equals("schema")));
    Selection priority = selection(Strategy.PRIORITY);

    assertThat(labels(route(configuration(priority, unable, target("able")), body)))
        .isEqualTo("able");
    assertThat(labels(route(configuration(priority, unable, target("able")), HELLO)))
        .isEqualTo("unable able");
    assertThat(error(route(configuration(priority, unable), body)).code())
        .isEqualTo(ErrorCode.NO_SUITABLE_TARGET);
  }

  @Test
  void leavesOutAModelWhoseWindowIsShorterThanThePrompt() {
    TargetDraft small = target("small").able(new Capabilities(1_000, 0, true, true, true));
    String body =
        "\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(1_000) + "\"}]";

    assertThat(
            labels(
                route(configuration(selection(Strategy.PRIORITY), small, target("large")), body)))
        .isEqualTo("large");
  }

  @Test
  void leavesOutWhatThePolicyForbids() {
    Selection strict =
        new Selection(
            Strategy.PRIORITY,
            new Weights(40, 30, 30),
            new Requirements(List.of("eu"), 50, OptionalLong.of(5_000)),
            9,
            Optional.empty(),
            false,
            Unpriced.REFUSE);

    CompiledConfiguration configuration =
        configuration(
            strict,
            target("elsewhere").region("us"),
            target("poor").quality(49),
            target("dear").price(1_000),
            target("unpriced").price(0),
            target("fit"));

    assertThat(labels(route(configuration, HELLO))).isEqualTo("fit");
  }

  @Test
  void saysOfEachTargetWhyItCannotServe() {
    GatewayError error =
        error(
            route(
                configuration(
                    new Selection(
                        Strategy.PRIORITY,
                        new Weights(40, 30, 30),
                        new Requirements(List.of("eu"), 0, OptionalLong.empty()),
                        2,
                        Optional.empty(),
                        false,
                        Unpriced.REFUSE),
                    target("us").region("us"),
                    target("blind").able(new Capabilities(0, 0, true, false, true))),
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                    + "\"image_url\":{\"url\":\"https://x/y\"}}]}]"));

    assertThat(error.code()).isEqualTo(ErrorCode.NO_SUITABLE_TARGET);
    assertThat(error.message())
        .isEqualTo(
            "No target of the model gpt-4o can serve this request."
                + " ai/us gpt-4o: the provider lies in no region that the policy demands;"
                + " ai/blind gpt-4o: the model reads no pictures.");
  }

  @Test
  void refusesAModelThatHasNoPriceAnywhere() {
    CompiledConfiguration configuration =
        configuration(selection(Strategy.PRIORITY), target("unpriced").price(0));

    assertThat(error(route(configuration, HELLO)).code()).isEqualTo(ErrorCode.MODEL_UNPRICED);
  }

  @Test
  void servesWithoutPriceWhereThePolicyAllowsIt() {
    assertThat(
            chosen(
                Selection.by(Strategy.PRIORITY, Unpriced.ALLOW_UNBILLED),
                target("unpriced").price(0)))
        .isEqualTo("unpriced");
  }

  @Test
  void refusesAChoiceByHeaderThatThePolicyDoesNotAllow() {
    headers.set("oneflow-provider", "a");

    assertThat(
            error(
                    route(
                        configuration(selection(Strategy.PRIORITY), target("a"), target("b")),
                        HELLO))
                .code())
        .isEqualTo(ErrorCode.OVERRIDE_NOT_PERMITTED);
  }

  @ParameterizedTest
  @CsvSource({
    "b, , b",
    "ai/b, , b",
    ", costoptimized, cheap b a",
    "b, CostOptimized, b",
    "i/b, , ",
    "nobody, , "
  })
  void followsAChoiceByHeaderThatThePolicyAllows(String provider, String strategy, String order) {
    if (provider != null) {
      headers.set("oneflow-provider", provider);
    }
    if (strategy != null) {
      headers.set("oneflow-strategy", strategy);
    }
    Selection free =
        new Selection(
            Strategy.PRIORITY,
            new Weights(40, 30, 30),
            ANY,
            2,
            Optional.empty(),
            true,
            Unpriced.REFUSE);

    Routing routing =
        route(configuration(free, target("a").price(9), target("b").price(5), CHEAP), HELLO);

    if (order == null) {
      assertThat(error(routing).code()).isEqualTo(ErrorCode.NO_SUITABLE_TARGET);
    } else {
      assertThat(labels(routing)).isEqualTo(order);
    }
  }

  @Test
  void knowsNoModelThatNoPolicyNames() {
    GatewayError error =
        error(route(configuration(selection(Strategy.PRIORITY), FAST), "gpt-4o-mini", HELLO));

    assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
  }

  @Test
  void refusesAModelThatTheKeyMayNotAskFor() {
    GatewayError error =
        error(route(configuration(selection(Strategy.PRIORITY), FAST), "claude", HELLO));

    assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_PERMITTED);
    assertThat(error.param()).isEqualTo("model");
  }

  private static TargetDraft target(String provider) {
    return TargetDraft.of(provider);
  }

  private static Selection selection(Strategy strategy) {
    return Selection.by(strategy, Unpriced.REFUSE);
  }

  private static Selection sticky(Strategy strategy) {
    return new Selection(
        strategy,
        new Weights(40, 30, 30),
        ANY,
        2,
        Optional.of(new Sticky(Sticky.By.HEADER, "x-session")),
        false,
        Unpriced.REFUSE);
  }

  private static CompiledConfiguration configuration(Selection selection, TargetDraft... targets) {
    List<Entry> entries = new ArrayList<>(List.of(Configurations.gateway(), KEY.entry()));
    List<RouteEntry.Target> leads = new ArrayList<>();
    for (TargetDraft target : targets) {
      entries.add(target.entry());
      leads.add(target.target());
    }
    entries.add(
        new RouteEntry(
            "ai",
            "route",
            1,
            List.of("gpt-4o"),
            leads,
            selection,
            RouteEntry.Retry.DEFAULT,
            false));
    return Configurations.compile(entries.toArray(Entry[]::new));
  }

  private static TargetHealth health(CompiledConfiguration configuration, String provider) {
    CompiledRoute route = Objects.requireNonNull(configuration.routes().get("gpt-4o"));
    return route.targets().stream()
        .filter(target -> name(target).equals(provider))
        .findFirst()
        .orElseThrow()
        .merits()
        .health();
  }

  private String chosen(Selection selection, TargetDraft... targets) {
    return labels(route(configuration(selection, targets), HELLO));
  }

  private Routing route(CompiledConfiguration configuration, String body) {
    return route(configuration, "gpt-4o", body);
  }

  private Routing route(CompiledConfiguration configuration, String model, String body) {
    ByteBuf json = Unpooled.copiedBuffer("{\"model\":\"" + model + "\"," + body + "}", UTF_8);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reader.read(json);
    ParsedRequest request =
        new ParsedRequest(
            Surface.CHAT_COMPLETIONS,
            ((OpenAiRequestReader.Reading.Read) reader.finish()).request(),
            json);
    return router.route(
        configuration, new Asked(KEY.in(configuration), request, model, headers, 0));
  }

  private static String labels(Routing routing) {
    return String.join(
        " ", ((Routing.Chosen) routing).targets().stream().map(RouterTest::name).toList());
  }

  private static String first(Routing routing) {
    return name(((Routing.Chosen) routing).target());
  }

  private static String name(CompiledTarget target) {
    return target.provider().entry().name();
  }

  private static GatewayError error(Routing routing) {
    return ((Routing.Refused) routing).error();
  }
}
