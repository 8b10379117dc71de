package ai.oneflow.api.schema;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.api.value.ByteSize;
import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Limits;
import ai.oneflow.api.value.Money;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes `docs/reference/resources.md`: fields in the order of the records, all else out of the
/// CRDs, conditions and reasons out of their enums.
final class ResourcesPage {
  private static final String HEAD =
      """
      # Resources

      Generated from the types in `crds` and held against them by a test; after a change of a type run
      `mvn -pl crds test -Dcrds.write=true -Doneflow.write.docs=true`. Group `%s`, version `%s`; all kinds are
      namespaced and in the category `%s`, so `kubectl get %s` lists them. `examples/accepted` has a manifest
      with every field of each kind, `examples/rejected` what is refused and how it is said.

      ## How values are written

      | format | rule |
      |---|---|
      | duration | %s; a day is 24 hours |
      | amount | %s; US dollars unless the field says credits, and a hundred credits are a dollar |
      | limits | %s; divided by `;` or `,`, all in force together; windows slide, a month is 30 days |
      | size | %s |
      | time | RFC 3339, as in 2027-01-01T00:00:00Z |
      """
          .formatted(
              Api.GROUP,
              Api.VERSION,
              Api.CATEGORY,
              Api.CATEGORY,
              DurationFormat.SENTENCE,
              Money.SENTENCE,
              Limits.SENTENCE,
              ByteSize.SENTENCE);
  private final Map<String, String> crds;
  private final StringBuilder page = new StringBuilder(HEAD);
  private final Set<String> rules = new LinkedHashSet<>();

  private ResourcesPage(Map<String, String> crds) {
    this.crds = crds;
  }

  static String write() {
    return new ResourcesPage(CrdWriter.write()).all();
  }

  private String all() {
    Api.kinds().forEach(this::kind);
    page.append(conditions());
    return page.toString();
  }

  private void kind(Class<? extends CustomResource<?, ?>> type) {
    JsonNode spec = read(crds.get(CustomResource.getCRDName(type) + ".yaml")).path("spec");
    JsonNode schema =
        spec.path("versions").path(0).path("schema").path("openAPIV3Schema").path("properties");
    List<Class<?>> parts =
        Arrays.stream(((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments())
            .<Class<?>>map(part -> (Class<?>) part)
            .toList();
    rules.clear();
    page.append("\n## %s (`%s`)\n".formatted(type.getSimpleName(), shortName(spec)));
    fields("spec", schema.path("spec"), parts.get(0));
    if (!rules.isEmpty()) {
      page.append("\nRefused with these words:\n\n");
      rules.forEach(rule -> page.append("- ").append(rule).append('\n'));
    }
    fields("status", schema.path("status"), parts.get(1));
  }

  private void fields(String name, JsonNode schema, Class<?> type) {
    page.append(
        "\n### %s\n\n| field | type | default | meaning |\n|---|---|---|---|\n".formatted(name));
    FieldRows.of(schema, type).forEach(row -> page.append(row).append('\n'));
    if (name.equals("spec")) {
      schema
          .findValues("x-kubernetes-validations")
          .forEach(list -> list.forEach(rule -> rules.add(rule.path("message").asText())));
      schema
          .path("x-kubernetes-validations")
          .forEach(rule -> rules.add(rule.path("message").asText()));
    }
  }

  private static String conditions() {
    return """

      ## Conditions

      Every resource has the four of them, each with `observedGeneration`, a reason of this closed list and
      a message for a person. What is not ready has one more with the reason of the first that is not true: `Reconciling` if
      that passes by itself, `Stalled` if somebody has to do something; tools that go by kstatus, Flux among them, look for these.

      | type | true when |
      |---|---|
      %s
      | reason | of | status | meaning |
      |---|---|---|---|
      %s"""
        .formatted(conditionTypes(), conditionReasons());
  }

  private static String conditionTypes() {
    return Arrays.stream(ConditionType.values())
        .map(type -> "| `%s` | %s |\n".formatted(type.text(), type.meaning()))
        .collect(Collectors.joining());
  }

  private static String conditionReasons() {
    return Arrays.stream(ConditionReason.values())
        .map(
            reason ->
                "| `%s` | `%s` | %s | %s |\n"
                    .formatted(
                        reason.text(),
                        reason.type().text(),
                        reason.holds() ? "True" : "False",
                        reason.meaning()))
        .collect(Collectors.joining());
  }

  private static String shortName(JsonNode spec) {
    return spec.path("names").path("shortNames").path(0).asText();
  }

  private static JsonNode read(@Nullable String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
