package ai.oneflow.gateway.exchange.admit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.config.KeyDraft;
import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.admit.Admission.Denied;
import ai.oneflow.gateway.exchange.admit.Admission.Granted;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RateLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A request here may use 3 tokens of input, at 4 pico-dollars each, and 131,072 of output at 8.
final class AdmitterTest {
  private static final RateLimit THREE_A_MINUTE = new RateLimit(3, Duration.ofMinutes(1));
  private static final RateLimit FIVE_AN_HOUR = new RateLimit(5, Duration.ofHours(1));
  private static final long MOST_PICO_DOLLARS = 3 * 4 + 131_072 * 8;

  private Instant now = Instant.parse("2026-03-10T12:00:00Z");
  private boolean ledgerAccepts = true;
  private OptionalLong toppedUp = OptionalLong.of(0);
  private final MemoryQuotas quotas = new MemoryQuotas(() -> now, _ -> {});
  private final TokenCounter counter = new TokenCounter();
  private final Admitter admitter =
      new Admitter(() -> ledgerAccepts, quotas, _ -> toppedUp, counter);

  @AfterEach
  void close() {
    counter.close();
  }

  @Test
  void letsThroughWhatIsNotLimited() {
    assertThat(ask(new Setting(key("search"))))
        .isInstanceOfSatisfying(Granted.class, granted -> assertThat(granted.standing()).isEmpty());
  }

  @Test
  void refusesWhatCouldNotBeRecorded() {
    ledgerAccepts = false;

    assertThat(denied(ask(new Setting(key("search")))).error().code())
        .isEqualTo(ErrorCode.LEDGER_UNAVAILABLE);
  }

  @Test
  void countsDownToTheLimitAndRefusesBeyondIt() {
    Setting setting = new Setting(key("search", THREE_A_MINUTE));

    assertThat(left(ask(setting))).isEqualTo(2);
    assertThat(left(ask(setting))).isEqualTo(1);
    assertThat(left(ask(setting))).isZero();
    Denied denied = denied(ask(setting));
    assertThat(denied.error().code()).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(denied.error().message())
        .isEqualTo("The limit of 3 requests in 60 seconds for key ai/search is reached.");
    assertThat(denied.error().retryAfter()).contains(Duration.ofSeconds(61));
    assertThat(denied.standing().orElseThrow().resetMillis()).isEqualTo(61_000);
  }

  @Test
  void tellsOfTheLimitOnRequestsWithTheLeastLeft() {
    Setting setting = new Setting(key("search", THREE_A_MINUTE, FIVE_AN_HOUR));

    assertThat(standing(ask(setting)).limit().amount()).isEqualTo(3);
  }

  @Test
  void countsAKeyWithoutLimitForItsUser() {
    Setting one = new Setting(key("one"), limitedByDefault(2));
    Setting other = new Setting(key("other"), limitedByDefault(2));

    assertThat(left(ask(one))).isEqualTo(1);
    assertThat(left(ask(other))).isZero();
    assertThat(denied(ask(one)).error().message()).contains("for user ai/alice");
  }

  @Test
  void countsEveryKeyByItself() {
    ask(new Setting(key("one", THREE_A_MINUTE)));

    assertThat(left(ask(new Setting(key("other", THREE_A_MINUTE))))).isEqualTo(2);
  }

  @Test
  void keepsCountingWhenTheAmountChanges() {
    ask(new Setting(key("search", THREE_A_MINUTE)));

    assertThat(left(ask(new Setting(key("search", new RateLimit(9, Duration.ofMinutes(1)))))))
        .isEqualTo(7);
  }

  @Test
  void holdsTheMostTokensThatARequestMayUse() {
    Setting setting =
        new Setting(KeyDraft.of("search").tokens(new RateLimit(200_000, Duration.ofDays(1))));

    Granted granted = granted(ask(setting));
    assertThat(denied(ask(setting)).error())
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
              assertThat(error.message())
                  .isEqualTo(
                      "The limit of 200000 tokens in 86400 seconds for key ai/search has 68925"
                          + " tokens left, and this request may use 131075 tokens.");
            });

    quotas.settle(granted.hold(), new Spent(1, 10, 0));
    assertThat(ask(setting)).isInstanceOf(Granted.class);
  }

  @Test
  void saysSoWhereARequestCanNeverFit() {
    Setting setting =
        new Setting(KeyDraft.of("search").tokens(new RateLimit(1000, Duration.ofDays(1))));

    assertThat(denied(ask(setting)).error())
        .satisfies(
            error -> {
              assertThat(error.message())
                  .endsWith("is less than this request may use, 131075 tokens.");
              assertThat(error.retryAfter()).isEmpty();
            });
  }

  @Test
  void asksForPaymentWhenABudgetIsSpentAndForPatienceWhileItIsHeld() {
    Setting setting =
        new Setting(
            KeyDraft.of("search").budget(BudgetEntry.Action.HARD_STOP, MOST_PICO_DOLLARS, ""));

    Granted granted = granted(ask(setting));
    Denied held = denied(ask(setting));
    quotas.settle(granted.hold(), new Spent(1, 10, 1));
    Denied spent = denied(ask(setting));

    assertThat(held.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(held.error().message()).endsWith("Requests under way hold the rest.");
    assertThat(held.error().retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(spent.standing()).as("headers speak of requests alone").isEmpty();
    assertThat(spent.error().code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
    assertThat(spent.error().message())
        .isEqualTo(
            "The limit of 0.0001048588 credits a day (UTC) for key ai/search has 0.0001048587"
                + " credits left, and this request may use 0.0001048588 credits.");
    assertThat(spent.error().retryAfter()).contains(Duration.ofHours(12));
  }

  @Test
  void spendsWhatWasToppedUpAndNothingElse() {
    Setting setting = new Setting(KeyDraft.of("search").spendingTopUps());

    Denied empty = denied(ask(setting));
    toppedUp = OptionalLong.of(MOST_PICO_DOLLARS);
    Granted granted = granted(ask(setting));
    quotas.settle(granted.hold(), new Spent(1, 10, 1));
    Denied spent = denied(ask(setting));
    toppedUp = OptionalLong.of(MOST_PICO_DOLLARS + 1);

    assertThat(empty.error().code()).isEqualTo(ErrorCode.CREDITS_EXHAUSTED);
    assertThat(spent.error().code()).isEqualTo(ErrorCode.CREDITS_EXHAUSTED);
    assertThat(spent.error().retryAfter()).isEmpty();
    assertThat(ask(setting)).isInstanceOf(Granted.class);
  }

  @Test
  void doesNotTakeCreditsForSpentThatNobodyKnowsOf() {
    Setting setting = new Setting(KeyDraft.of("search").spendingTopUps());
    toppedUp = OptionalLong.empty();

    Denied denied = denied(ask(setting));

    assertThat(denied.error().code()).isEqualTo(ErrorCode.LIMITS_UNAVAILABLE);
    assertThat(denied.error().retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(ask(new Setting(key("search")))).isInstanceOf(Granted.class);
  }

  @Test
  void leadsToACheaperModelOnceABudgetIsSpent() {
    Setting setting =
        new Setting(KeyDraft.of("search").budget(BudgetEntry.Action.DEGRADE, 1, "small"));

    assertThat(ask(setting))
        .isInstanceOfSatisfying(
            Admission.Degraded.class,
            to -> {
              assertThat(to.model()).isEqualTo("small");
              assertThat(to.otherwise().error().code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
            });
    assertThat(ask(setting, true)).isInstanceOf(Granted.class);
  }

  @Test
  void refusesBeyondTheRequestsThatMayBeUnderWay() {
    Setting setting = new Setting(KeyDraft.of("search").maxConcurrent(1));

    Granted granted = granted(ask(setting));
    assertThat(denied(ask(setting)).error().code()).isEqualTo(ErrorCode.CONCURRENCY_LIMIT_EXCEEDED);
    quotas.settle(granted.hold(), new Spent(1, 10, 1));

    assertThat(ask(setting)).isInstanceOf(Granted.class);
  }

  @Test
  void keepsOneCounterForEachWhereAPolicySaysSo() {
    QuotaEntry each = quota("ai", Map.of("project", "*", "model", "smart"), false);
    Setting search = new Setting(key("one"), Configurations.gateway(), each);
    Setting other =
        new Setting(KeyDraft.of("two").countingFor("bob", "other"), Configurations.gateway(), each);

    assertThat(left(ask(search))).isZero();
    assertThat(left(ask(other))).isZero();
    assertThat(denied(ask(search)).error().message())
        .isEqualTo(
            "The limit of 1 request in 60 seconds for model smart, project search (policy"
                + " ai/quota) is reached.");
  }

  @Test
  void countsEverythingTogetherWhereAPolicyNamesNothing() {
    QuotaEntry all = quota("ai", Map.of(), false);

    ask(new Setting(key("one"), Configurations.gateway(), all));

    Setting other =
        new Setting(KeyDraft.of("two").countingFor("bob", "other"), Configurations.gateway(), all);
    assertThat(ask(other)).isInstanceOf(Denied.class);
  }

  @Test
  void passesOverAPolicyThatSpeaksOfSomethingElse() {
    for (Map<String, String> subject :
        List.of(
            Map.of("user", "bob"),
            Map.of("model", "other"),
            Map.of("provider", "other"),
            Map.of("namespace", "other"),
            Map.of("user", "alice", "project", "other"))) {
      Setting setting =
          new Setting(key("search"), Configurations.gateway(), quota("ai", subject, false));

      ask(setting);
      assertThat(ask(setting)).as("%s", subject).isInstanceOf(Granted.class);
    }
  }

  @Test
  void followsAPolicyOfAnotherNamespaceOnlyForThatNamespace() {
    Setting setting =
        new Setting(key("search"), Configurations.gateway(), quota("other", Map.of(), false));

    ask(setting);

    assertThat(ask(setting)).isInstanceOf(Granted.class);
  }

  @Test
  void reportsWhatAShadowWouldHaveRefused() {
    Setting setting =
        new Setting(key("search"), Configurations.gateway(), quota("ai", Map.of(), true));

    assertThat(granted(ask(setting)).shadowed()).isEmpty();
    assertThat(granted(ask(setting)).shadowed()).hasSize(1);
  }

  private static final class Setting {
    private final CompiledKey key;
    private final CompiledTarget target;

    Setting(KeyDraft draft, Entry... more) {
      List<Entry> entries = new ArrayList<>(List.of(more));
      if (entries.stream().noneMatch(GatewayEntry.class::isInstance)) {
        entries.add(Configurations.gateway());
      }
      entries.add(draft.entry());
      entries.add(Configurations.provider("openai"));
      entries.add(
          Configurations.route("smart", List.of("smart"), Configurations.target("openai", 1, 1)));
      CompiledConfiguration configuration = Configurations.compile(entries.toArray(Entry[]::new));
      key = draft.in(configuration);
      CompiledRoute route = Objects.requireNonNull(configuration.routes().get("smart"));
      target = route.targets().getFirst();
    }
  }

  @Test
  void countsAPromptWithTheTokenizerThatDoesNotFitByItsBytes() throws Exception {
    String text = "Hello there, how are you? ".repeat(40); // 1,040 bytes, 281 tokens
    Setting setting =
        new Setting(KeyDraft.of("search").tokens(new RateLimit(700, Duration.ofDays(1))));

    CompletableFuture<Admission> first = askFor(setting, text, 300);
    CompletableFuture<Admission> second = askFor(setting, text, 300);

    Granted granted = granted(first.get(20, TimeUnit.SECONDS));
    assertThat(granted.hold().ask().tokens()).isLessThan(700);
    assertThat(denied(second.get(20, TimeUnit.SECONDS)).error().code())
        .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
  }

  @Test
  void countsNoPromptWhoseAnswerAloneDoesNotFit() {
    Setting setting =
        new Setting(KeyDraft.of("search").tokens(new RateLimit(700, Duration.ofDays(1))));

    CompletableFuture<Admission> answer = askFor(setting, "Hello", 701);

    assertThat(answer).isCompleted();
    assertThat(denied(answer.join()).error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
  }

  private CompletableFuture<Admission> askFor(Setting setting, String text, int maxTokens) {
    ByteBuf body =
        Unpooled.copiedBuffer(
            """
            {"model":"smart","max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}"""
                .formatted(maxTokens, text),
            UTF_8);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reader.read(body);
    OpenAiRequest fields = ((OpenAiRequestReader.Reading.Read) reader.finish()).request();
    CompletableFuture<Admission> admission = new CompletableFuture<>();
    admitter.admit(
        new Admitter.Request(
            setting.key,
            new ParsedRequest(Surface.CHAT_COMPLETIONS, fields, body),
            setting.target,
            now.toEpochMilli(),
            false),
        Runnable::run,
        admission::complete);
    return admission;
  }

  private Admission ask(Setting setting) {
    return ask(setting, false);
  }

  private Admission ask(Setting setting, boolean degraded) {
    OpenAiRequest fields =
        new OpenAiRequest(
            "smart",
            new OpenAiRequest.Span(0, 0),
            false,
            new OpenAiRequest.StreamOptions.Absent(),
            1,
            PromptSize.ofText(3),
            OutputCap.UNSAID,
            Needs.NOTHING);
    List<Admission> admissions = new ArrayList<>();
    admitter.admit(
        new Admitter.Request(
            setting.key,
            new ParsedRequest(Surface.CHAT_COMPLETIONS, fields, Unpooled.EMPTY_BUFFER),
            setting.target,
            now.toEpochMilli(),
            degraded),
        Runnable::run,
        admissions::add);
    assertThat(admissions).hasSize(1);
    return admissions.getFirst();
  }

  private static KeyDraft key(String name, RateLimit... requests) {
    return KeyDraft.of(name).requests(requests);
  }

  private static Entry limitedByDefault(long requests) {
    return Configurations.gateway(List.of(new RateLimit(requests, Duration.ofHours(1))));
  }

  private static QuotaEntry quota(String namespace, Map<String, String> subject, boolean shadow) {
    return new QuotaEntry(
        namespace,
        "quota",
        1,
        subject,
        List.of(new RateLimit(1, Duration.ofMinutes(1))),
        List.of(),
        List.of(),
        List.of(),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        shadow);
  }

  private static Granted granted(Admission admission) {
    assertThat(admission).isInstanceOf(Granted.class);
    return (Granted) admission;
  }

  private static Denied denied(Admission admission) {
    assertThat(admission).isInstanceOf(Denied.class);
    return (Denied) admission;
  }

  private static Standing standing(Admission admission) {
    return granted(admission).standing().orElseThrow();
  }

  private static long left(Admission admission) {
    return standing(admission).left();
  }
}
