package ai.oneflow.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/// An account at a provider of models.
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("LLMProvider")
@Singular("llmprovider")
@Plural("llmproviders")
@ShortNames("llmp")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
    name = "Dialect",
    jsonPath = ".spec.dialect",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Endpoint",
    jsonPath = ".status.endpoint",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Open",
    jsonPath = ".status.models[?(@.breaker==\"Open\")].name",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 0)
public final class LLMProvider extends CustomResource<LLMProviderSpec, LLMProviderStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
