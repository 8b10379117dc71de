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

/// Limits on more than one key.
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("QuotaPolicy")
@Singular("quotapolicy")
@Plural("quotapolicies")
@ShortNames("qp")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
    name = "Requests",
    jsonPath = ".spec.requests",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Tokens",
    jsonPath = ".spec.tokens",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Mode",
    jsonPath = ".spec.mode",
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
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 0)
public final class QuotaPolicy extends CustomResource<QuotaPolicySpec, QuotaPolicyStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
