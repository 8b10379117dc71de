package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.LLMProviderSpec;
import ai.oneflow.api.v1alpha1.Model;
import ai.oneflow.api.v1alpha1.Prices;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Judges an LLMProvider. It is served as a whole or not at all: half a pool of credentials would
/// hide that the other half is missing.
final class ProviderResolver {
  /// What gateways of this version speak.
  private static final Set<Dialect> SPOKEN = Set.of(Dialect.OPENAI, Dialect.OPENAI_COMPATIBLE);

  private final SecretIndex secrets;

  ProviderResolver(SecretIndex secrets) {
    this.secrets = secrets;
  }

  Judgement resolve(LLMProvider provider) {
    Findings findings = new Findings(Kind.LLM_PROVIDER, provider);
    LLMProviderSpec spec = provider.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing");
    }
    Dialect dialect = Dialect.valueOf(spec.dialect().name());
    if (!SPOKEN.contains(dialect)) {
      findings.problem(
          ConditionReason.UNSUPPORTED_VALUE,
          "spec.dialect "
              + dialect.resourceValue()
              + " is not served by this version yet; it serves OpenAI and OpenAICompatible");
    }
    Optional<URI> endpoint = endpoint(findings, spec);
    List<Credential> credentials = credentials(findings, spec);
    List<ModelEntry> models = models(findings, spec);
    String authorities = authorities(findings, spec);
    noteWhatIsNotInForce(findings, spec);
    return findings.judge(
        () ->
            entry(
                findings,
                spec,
                new Parts(dialect, endpoint.orElseThrow(), credentials, models, authorities)));
  }

  private record Parts(
      Dialect dialect,
      URI endpoint,
      List<Credential> credentials,
      List<ModelEntry> models,
      String authorities) {}

  private static Entry entry(Findings findings, LLMProviderSpec spec, Parts parts) {
    LLMProviderSpec.Timeouts timeouts = spec.timeouts();
    LLMProviderSpec.CircuitBreaker breaker = spec.circuitBreaker();
    return new ProviderEntry(
        findings.namespace(),
        findings.name(),
        findings.generation(),
        parts.dialect,
        parts.endpoint,
        parts.credentials,
        spec.region() == null ? "" : spec.region(),
        parts.models,
        new ProviderEntry.Timeouts(
            timeouts.connect(), timeouts.total(), timeouts.firstToken(), timeouts.idle()),
        new ProviderEntry.Breaker(
            breaker.consecutiveFailures(), breaker.openFor(), breaker.probes()),
        spec.limits().maxConcurrent(),
        spec.limits().queue(),
        Limiting.of(spec.limits().requests()),
        Limiting.of(spec.limits().tokens()),
        parts.authorities,
        spec.tls().insecureSkipVerify());
  }

  private static Optional<URI> endpoint(Findings findings, LLMProviderSpec spec) {
    try {
      Optional<URI> endpoint = spec.effectiveEndpoint();
      if (endpoint.isEmpty()) {
        findings.problem(
            ConditionReason.INVALID,
            "spec.endpoint is needed with dialect " + spec.dialect().text());
      }
      return endpoint;
    } catch (IllegalArgumentException _) {
      findings.problem(
          ConditionReason.INVALID,
          "spec.endpoint must be an http:// or https:// URL, as in https://api.openai.com/v1");
      return Optional.empty();
    }
  }

  private List<Credential> credentials(Findings findings, LLMProviderSpec spec) {
    List<Credential> pool = new ArrayList<>();
    for (ai.oneflow.api.v1alpha1.Credential credential : spec.credentials()) {
      switch (credential.type()) {
        case NONE -> pool.add(new Credential.None());
        case API_KEY -> apiKey(findings, credential).ifPresent(pool::add);
        case AWS_SIG_V4, GCP_SERVICE_ACCOUNT, AZURE_ENTRA ->
            findings.problem(
                ConditionReason.UNSUPPORTED_VALUE,
                "spec.credentials: this version serves the types ApiKey and None only");
      }
    }
    return spec.credentials().isEmpty() ? List.of(new Credential.None()) : pool;
  }

  private Optional<Credential> apiKey(
      Findings findings, ai.oneflow.api.v1alpha1.Credential credential) {
    if (credential.secretRef() == null) {
      findings.problem(ConditionReason.INVALID, "spec.credentials: type ApiKey needs a secretRef");
      return Optional.empty();
    }
    String name = credential.secretRef().name();
    String key = credential.secretRef().key();
    Optional<String> value = secrets.value(findings, name, key);
    if (value.isPresent() && value.get().chars().anyMatch(c -> c < '!' || c > '~')) {
      findings.problem(
          ConditionReason.SECRET_KEY_MISSING,
          "Secret "
              + findings.namespace()
              + "/"
              + name
              + " has something under "
              + key
              + " that no HTTP header can carry: a key is one word of printable ASCII");
      return Optional.empty();
    }
    return value.map(plaintext -> new Credential.ApiKey(new Secret(plaintext)));
  }

  private static List<ModelEntry> models(Findings findings, LLMProviderSpec spec) {
    List<ModelEntry> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Model model : spec.models()) {
      if (!names.add(model.name())) {
        findings.problem(ConditionReason.INVALID, "spec.models lists " + model.name() + " twice");
      }
      try {
        models.add(model(model));
      } catch (IllegalArgumentException e) {
        findings.problem(
            ConditionReason.INVALID, "spec.models, " + model.name() + ": " + e.getMessage());
      }
    }
    return models;
  }

  /// Prices of units that no surface of this version counts.
  private static void noteWhatIsNotInForce(Findings findings, LLMProviderSpec spec) {
    List<Prices> lists = spec.models().stream().flatMap(model -> model.prices().stream()).toList();
    String at = "spec.models[].prices[].";
    findings.notInForce(at + "perImage", lists.stream().anyMatch(list -> list.perImage() != null));
    findings.notInForce(
        at + "per1kCharacters", lists.stream().anyMatch(list -> list.per1kCharacters() != null));
    findings.notInForce(
        at + "perSecond", lists.stream().anyMatch(list -> list.perSecond() != null));
    findings.notInForce(
        at + "batchPercent", lists.stream().anyMatch(list -> list.batchPercent() != 100));
  }

  private static ModelEntry model(Model model) {
    Model.Capabilities can = model.capabilities();
    return new ModelEntry(
        model.name(),
        PriceBook.of(model.prices()),
        new ModelEntry.Capabilities(
            can.contextWindow(),
            can.maxOutputTokens(),
            can.tools(),
            can.vision(),
            can.jsonSchema()),
        model.quality(),
        model.latencyPrior());
  }

  private String authorities(Findings findings, LLMProviderSpec spec) {
    if (spec.tls().caSecretRef() == null) {
      return "";
    }
    String name = spec.tls().caSecretRef().name();
    String key = spec.tls().caSecretRef().key();
    Optional<String> pem = secrets.value(findings, name, key);
    if (pem.isPresent() && !Authorities.readable(pem.get())) {
      findings.problem(
          ConditionReason.SECRET_KEY_MISSING,
          "Secret "
              + findings.namespace()
              + "/"
              + name
              + " has no certificates in PEM under "
              + key);
    }
    return pem.orElse("");
  }
}
