package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The schemas of the CRDs that ship with this module, read when first asked for.
final class Schemas {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Map<Class<?>, Schema> read = new ConcurrentHashMap<>();

  Schema of(Class<? extends CustomResource<?, ?>> type) {
    return read.computeIfAbsent(type, _ -> read(CustomResource.getCRDName(type)));
  }

  private static Schema read(String crd) {
    try (InputStream in = Schemas.class.getResourceAsStream("/crds/" + crd + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the schema of " + crd);
      }
      JsonNode version = YAML.readTree(in).path("spec").path("versions").path(0);
      return Schema.parse(version.path("schema").path("openAPIV3Schema"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
