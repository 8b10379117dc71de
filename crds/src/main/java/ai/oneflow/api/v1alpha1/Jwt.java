package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.HttpUrl;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An issuer of tokens that are accepted beside keys.
@ValidationRule(
    value = "has(self.jwksUri) != has(self.secretRef)",
    message = "an issuer needs its keys from one place; write either jwksUri or secretRef")
@ValidationRule(
    value = "has(self.secretRef) || !self.algorithms.exists(a, a.startsWith('HS'))",
    message =
        "HS256, HS384 and HS512 need a shared key; write secretRef instead of jwksUri, or leave"
            + " them out of algorithms")
public record Jwt(
    @JsonPropertyDescription("What iss must say.") @Required @Size(min = 1, max = 2048)
        String issuer,
    @JsonPropertyDescription("What aud must name, one of these.") @Required @Size(min = 1, max = 16)
        List<@Size(min = 1, max = 253) String> audiences,
    @JsonPropertyDescription("Where the issuer publishes its keys.")
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = HttpUrl.RULE,
            message = "jwksUri must be an http:// or https:// URL")
        @Nullable String jwksUri,
    @JsonPropertyDescription("A Secret with the key instead: PEM, or the text of a shared key.")
        @Nullable SecretKeyRef secretRef,
    @JsonPropertyDescription("Signatures that are accepted.")
        @Default("[\"RS256\", \"ES256\", \"EdDSA\"]")
        @Size(min = 1, max = 10)
        List<Algorithm> algorithms,
    @JsonPropertyDescription("How far clocks may differ.") @Default("30s") @DurationFormat.Text
        Duration leeway,
    @JsonPropertyDescription("The claims that name the caller.") @Default("{}") Claims claims) {

  public Jwt {
    audiences = Absent.orEmpty(audiences);
    algorithms =
        List.copyOf(
            Absent.or(algorithms, List.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EdDSA)));
    leeway = Absent.or(leeway, Duration.ofSeconds(30));
    claims = Absent.or(claims, Claims.DEFAULT);
  }

  /// Signatures, named as RFC 7518 and RFC 8037 do.
  public enum Algorithm {
    RS256,
    RS384,
    RS512,
    ES256,
    ES384,
    ES512,
    EdDSA,
    HS256,
    HS384,
    HS512
  }

  /// The claims that name the caller.
  public record Claims(
      @JsonPropertyDescription("The claim that names the user.")
          @Default("sub")
          @Size(min = 1, max = 253)
          String user,
      @JsonPropertyDescription("The claim that names the project.")
          @Default("project")
          @Size(min = 1, max = 253)
          String project) {
    static final Claims DEFAULT = new Claims("sub", "project");

    public Claims {
      user = Absent.or(user, "sub");
      project = Absent.or(project, "project");
    }
  }
}
