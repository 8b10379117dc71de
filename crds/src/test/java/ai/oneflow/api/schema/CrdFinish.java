package ai.oneflow.api.schema;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.value.ByteSize;
import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Limits;
import ai.oneflow.api.value.Money;
import ai.oneflow.api.value.Name;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The one step after the generator: what it has no annotation for.
final class CrdFinish {
  private CrdFinish() {}

  /// Kubernetes' own pattern of a quantity; the generator lets any text through.
  private static final String QUANTITY =
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]"
          + "|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

  /// A pattern that has a sentence becomes a rule that says it: people should not have to read
  /// regular expressions.
  private static final Map<String, String> SENTENCES =
      Map.of(
          DurationFormat.PATTERN, DurationFormat.SENTENCE,
          Money.PATTERN, Money.SENTENCE,
          Limits.PATTERN, Limits.SENTENCE,
          ByteSize.PATTERN, ByteSize.SENTENCE,
          Name.MODEL, Name.MODEL_SENTENCE,
          Name.MODEL_GLOB, Name.MODEL_GLOB_SENTENCE,
          Name.SUBJECT, Name.SUBJECT_SENTENCE,
          Name.REGION, Name.REGION_SENTENCE,
          Name.RESOURCE, Name.RESOURCE_SENTENCE,
          Name.ORIGIN, Name.ORIGIN_SENTENCE);

  static void finish(CustomResourceDefinition crd) {
    String kind = crd.getSpec().getNames().getKind();
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
    columnsAsDeclared(kind, version.getAdditionalPrinterColumns());
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setRequired(List.of("spec"));
    everySchema(root);
    listsWithKeys(kind, property(root, "spec"), property(root, "status"));
  }

  /// The generator sorts the columns by their path.
  private static void columnsAsDeclared(String kind, List<CustomResourceColumnDefinition> columns) {
    List<String> order =
        Api.kinds().stream()
            .filter(type -> type.getSimpleName().equals(kind))
            .flatMap(type -> Stream.of(type.getAnnotationsByType(AdditionalPrinterColumn.class)))
            .map(AdditionalPrinterColumn::name)
            .toList();
    columns.sort(Comparator.comparingInt(column -> order.indexOf(column.getName())));
  }

  /// A rule on a record's component reaches the generator twice, by field and by accessor; keep
  /// one.
  private static void everySchema(JSONSchemaProps schema) {
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      schema.setPattern(QUANTITY);
    }
    if (schema.getPattern() != null && SENTENCES.containsKey(schema.getPattern())) {
      sentenceForPattern(schema);
    }
    if (schema.getXKubernetesValidations() != null) {
      schema.setXKubernetesValidations(
          List.copyOf(new LinkedHashSet<>(schema.getXKubernetesValidations())));
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(CrdFinish::everySchema);
    }
    if (schema.getItems() != null) {
      everySchema(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null) {
      everySchema(schema.getAdditionalProperties().getSchema());
    }
  }

  private static void sentenceForPattern(JSONSchemaProps schema) {
    ValidationRule rule = new ValidationRule();
    rule.setRule("self.matches(r'" + schema.getPattern() + "')");
    rule.setMessage(SENTENCES.get(schema.getPattern()));
    List<ValidationRule> rules = new ArrayList<>(List.of(rule));
    rules.addAll(schema.getXKubernetesValidations());
    schema.setXKubernetesValidations(rules);
    schema.setPattern(null);
  }

  /// Lists that are maps or sets: the API server refuses duplicates, and server-side apply merges
  /// by key.
  private static void listsWithKeys(String kind, JSONSchemaProps spec, JSONSchemaProps status) {
    listMap(property(status, "conditions"), "type", "status");
    switch (kind) {
      case "LLMProvider" -> {
        namespaceSelector(spec);
        listMap(property(spec, "models"), "name");
        listMap(property(status, "models"), "name");
      }
      case "RoutingPolicy" -> property(spec, "models").setXKubernetesListType("set");
      case "LLMGateway" -> {
        namespaceSelector(spec);
        listMap(property(property(spec, "podTemplate"), "env"), "name");
      }
      default -> {}
    }
  }

  /// The generator takes Kubernetes' own type without what the API server demands of it.
  private static void namespaceSelector(JSONSchemaProps spec) {
    JSONSchemaProps selector = property(property(spec, "allowedNamespaces"), "selector");
    JSONSchemaProps expressions = property(selector, "matchExpressions");
    expressions.setMaxItems(32L);
    JSONSchemaProps expression = expressions.getItems().getSchema();
    expression.setRequired(List.of("key", "operator"));
    property(expression, "operator")
        .setEnum(
            Stream.of("DoesNotExist", "Exists", "In", "NotIn")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
    ValidationRule values = new ValidationRule();
    values.setRule(
        "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)");
    values.setMessage(
        "In and NotIn need values, as in {key: team, operator: In, values: [search]}; Exists and"
            + " DoesNotExist take none");
    expression.setXKubernetesValidations(List.of(values));
  }

  private static void listMap(JSONSchemaProps list, String key, String... alsoRequired) {
    list.setXKubernetesListType("map");
    list.setXKubernetesListMapKeys(List.of(key));
    list.getItems()
        .getSchema()
        .setRequired(Stream.concat(Stream.of(key), Stream.of(alsoRequired)).toList());
  }

  private static JSONSchemaProps property(JSONSchemaProps object, String name) {
    Map<String, JSONSchemaProps> properties = object.getProperties();
    return Objects.requireNonNull(properties.get(name), name);
  }
}
