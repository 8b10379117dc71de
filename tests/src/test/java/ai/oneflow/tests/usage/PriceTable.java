package ai.oneflow.tests.usage;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The table of providers and their models that lies beside the recordings.
final class PriceTable {
  private final JsonNode providers;

  private PriceTable(JsonNode providers) {
    this.providers = providers;
  }

  static PriceTable read(Path file) {
    try {
      return new PriceTable(
          JsonMapper.builder()
              .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .build()
              .readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the table of prices at " + file, e);
    }
  }

  /// The provider that answers at this address.
  Optional<JsonNode> providerAt(String url) {
    return providers
        .valueStream()
        .filter(one -> Pattern.compile(one.path("api_pattern").asText()).matcher(url).lookingAt())
        .findFirst();
  }

  JsonNode provider(String id) {
    return providers
        .valueStream()
        .filter(one -> one.path("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /// Where a provider says what was used, in the first of these flavours that it has.
  static Optional<JsonNode> extractor(JsonNode provider, String... flavours) {
    return Stream.of(flavours)
        .flatMap(
            flavour ->
                provider
                    .path("extractors")
                    .valueStream()
                    .filter(one -> one.path("api_flavor").asText().equals(flavour)))
        .findFirst();
  }

  /// A model by the name that an answer or a request calls it, at this provider or at those whose
  /// models it hosts.
  Optional<JsonNode> model(JsonNode provider, String name) {
    return Stream.concat(
            Stream.of(provider),
            provider
                .path("fallback_model_providers")
                .valueStream()
                .map(id -> provider(id.asText())))
        .flatMap(one -> modelOf(one, name).stream())
        .findFirst();
  }

  private static Optional<JsonNode> modelOf(JsonNode provider, String name) {
    return provider
        .path("models")
        .valueStream()
        .filter(model -> matches(model.path("match"), name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static boolean matches(JsonNode rule, String name) {
    return rule.properties().stream()
        .anyMatch(
            one ->
                switch (one.getKey()) {
                  case "or" -> one.getValue().valueStream().anyMatch(inner -> matches(inner, name));
                  case "equals" -> name.equals(one.getValue().asText());
                  case "starts_with" -> name.startsWith(one.getValue().asText());
                  case "ends_with" -> name.endsWith(one.getValue().asText());
                  case "contains" -> name.contains(one.getValue().asText());
                  case "regex" -> Pattern.compile(one.getValue().asText()).matcher(name).find();
                  default -> throw new IllegalArgumentException("no rule is called " + one);
                });
  }
}
