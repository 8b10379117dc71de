package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/// Which namespaces a resource opens itself to.
@ValidationRule(
    value = "self.from == 'Selector' || !has(self.selector)",
    message = "selector is only read with from: Selector; write from: Selector or leave it out")
@ValidationRule(
    value = "self.from != 'Selector' || has(self.selector)",
    message = "from: Selector needs a selector, as in selector: {matchLabels: {team: search}}")
public record AllowedNamespaces(
    @JsonPropertyDescription(
            "Same: the namespace of this resource alone. All: every namespace. Selector: those"
                + " whose labels match.")
        @Default("Same")
        From from,
    @JsonPropertyDescription("Labels of the namespaces, with from: Selector.")
        @Nullable LabelSelector selector) {

  /// The resource's own namespace and no other.
  public static final AllowedNamespaces SAME = new AllowedNamespaces(From.SAME, null);

  public AllowedNamespaces {
    from = Absent.or(from, From.SAME);
  }

  /// Who is let in.
  public enum From {
    @JsonProperty("Same")
    SAME,
    @JsonProperty("All")
    ALL,
    @JsonProperty("Selector")
    SELECTOR
  }
}
