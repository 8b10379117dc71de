package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.HttpUrl;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// Where warnings about budgets are posted.
public record Webhook(
    @JsonPropertyDescription("The address that is posted to, as in https://example.com/budgets.")
        @Required
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = HttpUrl.RULE,
            message = "url must be an http:// or https:// URL, as in https://example.com/budgets")
        @ValidationRule(
            value = "!self.contains('#') && !self.contains('@')",
            message =
                "url must have no fragment and no user information; who posts is told by the"
                    + " signature, so write secretRef")
        String url,
    @JsonPropertyDescription(
            "A Secret with the key that every post is signed with, by HMAC-SHA256. Default: no"
                + " signature.")
        @Nullable SigningKeyRef secretRef) {}
