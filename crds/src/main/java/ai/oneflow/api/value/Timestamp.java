package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an `Instant` that is written as RFC 3339 text, whatever the mapper's settings are.
@JacksonAnnotationsInside
@JsonFormat(shape = JsonFormat.Shape.STRING)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface Timestamp {
  /// What the schema demands of one in a `spec`, instead of the format `date-time`: the API server
  /// takes offsets for one that no clock on earth has and Java refuses. Every day of the calendar
  /// is in it, and no other.
  String PATTERN =
      "^([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
          + "|02-(0[1-9]|1[0-9]|2[0-8]))"
          + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
          + "[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?"
          + "([Zz]|[+-]((0[0-9]|1[0-7]):[0-5][0-9]|18:00))$";

  /// No such text is longer.
  long LONGEST = 35;

  /// What a person is told who writes something else.
  String SENTENCE =
      "a time is written as in 2027-01-01T00:00:00Z, or with an offset of at most 18 hours, as in"
          + " 2027-01-01T00:00:00+02:00";
}
