package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// A Redis or Valkey.
public record Redis(
    @JsonPropertyDescription("Its address, as in rediss://redis.example.com:6379.")
        @Required
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = "self.startsWith('redis://') || self.startsWith('rediss://')",
            message = "url must begin with redis:// or rediss://, as in rediss://redis:6379")
        @ValidationRule(
            value = "!self.contains('@')",
            message = "url must hold no password; put it into a Secret and write secretRef")
        String url,
    @JsonPropertyDescription("The Secret that holds its password.")
        @Nullable PasswordRef secretRef) {}
