package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.resolve.Unreadable;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;

/// Reads resources of ours. Fields that this version does not know are of a later one, whose CRDs
/// are there already or still, and passed over as everywhere in Kubernetes. A resource whose spec
/// holds a value that this version cannot read is one without a spec, and marked; else it would end
/// the watch of its kind, and with it the operator. A status that cannot be read is none: the next
/// one takes its place.
final class ResourceReader extends DelegatingDeserializer {
  private static final long serialVersionUID = 1L;

  private ResourceReader(JsonDeserializer<?> strict) {
    super(strict);
  }

  static KubernetesSerialization serialization() {
    SimpleModule module = new SimpleModule("resources").setDeserializerModifier(new Modifier());
    ObjectMapper mapper =
        new ObjectMapper()
            .registerModule(module)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    return new KubernetesSerialization(mapper, true);
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> strict) {
    return new ResourceReader(strict);
  }

  @Override
  public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
    JsonNode whole = context.readTree(in);
    try {
      return read(whole, in, context);
    } catch (JsonMappingException e) {
      if (!(whole instanceof ObjectNode object)) {
        throw e;
      }
      object.remove("status");
      return withoutStatus(object, in, context);
    }
  }

  private Object withoutStatus(ObjectNode object, JsonParser in, DeserializationContext context)
      throws IOException {
    try {
      return read(object, in, context);
    } catch (JsonMappingException e) {
      object.remove("spec");
      CustomResource<?, ?> rest = (CustomResource<?, ?>) read(object, in, context);
      Unreadable.mark(rest, words(e));
      return rest;
    }
  }

  private Object read(JsonNode tree, JsonParser in, DeserializationContext context)
      throws IOException {
    try (JsonParser parser = tree.traverse(in.getCodec())) {
      parser.nextToken();
      return super.deserialize(parser, context);
    }
  }

  private static String words(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(Reference::getFieldName)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("."));
    return path + " cannot be read: " + reason(e);
  }

  private static String reason(JsonProcessingException e) {
    e.clearLocation();
    return e.getOriginalMessage();
  }

  private static final class Modifier extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription type, JsonDeserializer<?> strict) {
      return CustomResource.class.isAssignableFrom(type.getBeanClass())
          ? new ResourceReader(strict)
          : strict;
    }
  }
}
