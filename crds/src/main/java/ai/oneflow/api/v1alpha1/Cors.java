package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.Name;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/// Which web pages may call.
@ValidationRule(
    value = "!self.allowCredentials || !('*' in self.allowedOrigins)",
    message =
        "allowCredentials excludes the origin *; list the origins, as in"
            + " https://console.example.com")
public record Cors(
    @JsonPropertyDescription("Origins such as https://console.example.com, or * for any.")
        @Required
        @Size(min = 1, max = 64)
        List<@Size(min = 1, max = 253) @Pattern(Name.ORIGIN) String> allowedOrigins,
    @JsonPropertyDescription("Whether pages may send cookies and credentials along.")
        @Default("false")
        Boolean allowCredentials) {

  public Cors {
    allowedOrigins = Absent.orEmpty(allowedOrigins);
    allowCredentials = Absent.or(allowCredentials, false);
  }
}
