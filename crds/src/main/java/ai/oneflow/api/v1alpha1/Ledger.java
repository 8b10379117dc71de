package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// The database of charges.
public record Ledger(
    @JsonPropertyDescription("Its address, as in jdbc:postgresql://postgres:5432/oneflow.")
        @Required
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = "self.startsWith('jdbc:postgresql:') || self.startsWith('jdbc:sqlite:')",
            message =
                "url must begin with jdbc:postgresql: or jdbc:sqlite:, as in"
                    + " jdbc:postgresql://postgres:5432/oneflow")
        @ValidationRule(
            value = "!self.contains('@') && !self.contains('password=')",
            message = "url must hold no password; put it into a Secret and write secretRef")
        String url,
    @JsonPropertyDescription("The Secret that holds its password.")
        @Nullable PasswordRef secretRef) {}
