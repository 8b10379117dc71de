package ai.oneflow.api.schema;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.value.ByteSize;
import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Limits;
import ai.oneflow.api.value.Money;
import ai.oneflow.api.value.Name;
import ai.oneflow.api.value.Timestamp;
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
      Map.ofEntries(
          Map.entry(DurationFormat.PATTERN, DurationFormat.SENTENCE),
          Map.entry(Money.PATTERN, Money.SENTENCE),
          Map.entry(Limits.PATTERN, Limits.SENTENCE),
          Map.entry(Timestamp.PATTERN, Timestamp.SENTENCE),
          Map.entry(ByteSize.PATTERN, ByteSize.SENTENCE),
          Map.entry(Name.MODEL, Name.MODEL_SENTENCE),
          Map.entry(Name.MODEL_GLOB, Name.MODEL_GLOB_SENTENCE),
          Map.entry(Name.SUBJECT, Name.SUBJECT_SENTENCE),
          Map.entry(Name.REGION, Name.REGION_SENTENCE),
          Map.entry(Name.RESOURCE, Name.RESOURCE_SENTENCE),
          Map.entry(Name.ORIGIN, Name.ORIGIN_SENTENCE));

  static void finish(CustomResourceDefinition crd) {
    String kind = crd.getSpec().getNames().getKind();
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
    columnsAsDeclared(kind, version.getAdditionalPrinterColumns());
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setRequired(List.of("spec"));
    timesByPattern(property(root, "spec"));
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

  /// See [Timestamp#PATTERN]. In a status only the operator writes times.
  private static void timesByPattern(JSONSchemaProps schema) {
    if ("date-time".equals(schema.getFormat())) {
      schema.setFormat(null);
      schema.setMaxLength(Timestamp.LONGEST);
      schema.setPattern(Timestamp.PATTERN);
    }
    children(schema).forEach(CrdFinish::timesByPattern);
  }

  private static List<JSONSchemaProps> children(JSONSchemaProps schema) {
    List<JSONSchemaProps> children = new ArrayList<>();
    if (schema.getProperties() != null) {
      children.addAll(schema.getProperties().values());
    }
    if (schema.getItems() != null) {
      children.add(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null) {
      children.add(schema.getAdditionalProperties().getSchema());
    }
    return children;
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
    children(schema).forEach(CrdFinish::everySchema);
  }

  private static void sentenceForPattern(JSONSchemaProps schema) {
    String pattern = schema.getPattern();
    String sentence = Objects.requireNonNull(SENTENCES.get(pattern), pattern);
    List<ValidationRule> rules = new ArrayList<>();
    rules.add(rule("self.matches(r'" + pattern + "')", sentence));
    if (pattern.equals(Limits.PATTERN)) {
      rules.add(rule(Limits.ONCE_RULE, Limits.ONCE_SENTENCE));
    }
    rules.addAll(schema.getXKubernetesValidations());
    schema.setXKubernetesValidations(rules);
    schema.setPattern(null);
  }

  private static ValidationRule rule(String expression, String message) {
    ValidationRule rule = new ValidationRule();
    rule.setRule(expression);
    rule.setMessage(message);
    return rule;
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
    expression.setXKubernetesValidations(
        List.of(
            rule(
                "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() >"
                    + " 0)",
                "In and NotIn need values, as in {key: team, operator: In, values: [search]};"
                    + " Exists and DoesNotExist take none")));
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
