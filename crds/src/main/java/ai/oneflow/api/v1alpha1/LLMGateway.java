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

/// The gateway pods, and what holds for all of them.
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("LLMGateway")
@Singular("llmgateway")
@Plural("llmgateways")
@ShortNames("llmgw")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
    name = "Connected",
    jsonPath = ".status.gateways.connected",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Acknowledged",
    jsonPath = ".status.gateways.acknowledged",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Snapshot",
    jsonPath = ".status.snapshot",
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
    name = "Convergence",
    jsonPath = ".status.convergence",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 0)
public final class LLMGateway extends CustomResource<LLMGatewaySpec, LLMGatewayStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
