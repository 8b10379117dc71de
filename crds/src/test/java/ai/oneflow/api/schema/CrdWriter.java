package ai.oneflow.api.schema;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.value.DurationFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes the YAML of the five CRDs out of the Java types.
final class CrdWriter {
  private static final String HEAD =
      """
      # Generated from ai.oneflow.api.v1alpha1. After a change of the types:
      # mvn -pl crds test -Dcrds.write=true
      """;
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .build());

  private CrdWriter() {}

  /// File name to content.
  static Map<String, String> write() {
    ObjectMapper mapper = new ObjectMapper();
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
    mapper.registerModule(DurationFormat.module());
    Map<String, String> files = new TreeMap<>();
    new CRDGenerator()
        .withObjectMapper(mapper, serialization)
        .customResourceClasses(List.copyOf(Api.kinds()))
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                CrdFinish.finish((CustomResourceDefinition) crd);
                files.put(crd.getMetadata().getName() + ".yaml", text(mapper.valueToTree(crd)));
                return crd;
              }
            })
        .withOutput(new Nowhere())
        .generate();
    return files;
  }

  private static String text(JsonNode crd) {
    try {
      return HEAD + YAML.writeValueAsString(wholeNumbers(crd));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The model holds bounds as `double`; nobody wants to read `1.0E9`.
  private static JsonNode wholeNumbers(JsonNode node) {
    if (node.isDouble()) {
      return JsonNodeFactory.instance.numberNode(node.longValue());
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(wholeNumbers(field.getValue())));
    }
    node.forEach(CrdWriter::wholeNumbers);
    return node;
  }

  /// The generator insists on writing; its text is not the one that is kept.
  private static final class Nowhere implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    @Override
    public ByteArrayOutputStream outputFor(String name) {
      return new ByteArrayOutputStream();
    }

    @Override
    public URI crdURI(String name) {
      return URI.create("file:///" + name);
    }

    @Override
    public void close() throws IOException {}
  }
}
