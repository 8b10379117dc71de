package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/// A Secret of the resource's own namespace whose type fixes its keys, such as
/// `kubernetes.io/tls`.
public record SecretRef(
    @JsonPropertyDescription("The Secret, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        String name) {}
