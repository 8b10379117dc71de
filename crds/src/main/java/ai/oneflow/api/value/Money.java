package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonFormat;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a `BigDecimal` that is an amount of money or a price: a decimal string such as `"2.50"`,
/// never a YAML number, since a number would pass through floating point on its way.
///
/// Six decimals at most: a price for a million tokens is then a whole number of pico-dollars for
/// one token.
@JacksonAnnotationsInside
@JsonFormat(shape = JsonFormat.Shape.STRING)
@Pattern(Money.PATTERN)
@Size(max = 16)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface Money {
  /// What the schema demands.
  String PATTERN = "^[0-9]{1,9}(\\.[0-9]{1,6})?$";

  /// What a person is told who writes something else.
  String SENTENCE =
      "an amount is a decimal string with at most six decimals and no sign, as in \"2.50\"";
}
