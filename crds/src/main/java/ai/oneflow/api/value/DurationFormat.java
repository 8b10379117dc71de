package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.regex.Matcher;

/// A duration as manifests write it: a whole number and one unit, `800ms`, `30s`, `5m`, `2h`,
/// `90d`. One unit only, so that a value has one reading; no sign, so that it is never negative.
public final class DurationFormat {
  /// What the schema demands. A day is 24 hours. So many digits that nanoseconds fit a `long`.
  public static final String PATTERN = "^([0-9]{1,9}(ms|s)|[0-9]{1,8}m|[0-9]{1,6}h|[0-9]{1,5}d)$";

  /// What a person is told who writes something else.
  public static final String SENTENCE =
      "a duration is a whole number and a unit, as in 800ms, 30s, 5m, 2h or 90d";

  private static final java.util.regex.Pattern WHOLE = java.util.regex.Pattern.compile(PATTERN);
  private static final java.util.regex.Pattern PARTS =
      java.util.regex.Pattern.compile("([0-9]+)([a-z]+)");

  private DurationFormat() {}

  /// Reads `30s`.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  public static Duration parse(String text) {
    Matcher matcher = PARTS.matcher(text);
    if (!WHOLE.matcher(text).matches() || !matcher.matches()) {
      throw new IllegalArgumentException(SENTENCE + ", not '" + text + "'");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// Writes the duration with the largest unit that keeps it whole (a minute as `60s`, as people
  /// do); what is below a millisecond is cut off.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 && seconds > 60 ? seconds / 60 + "m" : seconds + "s";
  }

  /// Teaches a mapper this format for every `Duration`, marked or not.
  public static SimpleModule module() {
    return new SimpleModule("durations")
        .addSerializer(Duration.class, new Writer())
        .addDeserializer(Duration.class, new Reader());
  }

  /// Marks a component that is written this way.
  @JacksonAnnotationsInside
  @JsonSerialize(using = Writer.class)
  @JsonDeserialize(using = Reader.class)
  @Pattern(PATTERN)
  @Size(max = 11)
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
  public @interface Text {}

  static final class Writer extends StdSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(format(value));
    }

    @Override
    public void acceptJsonFormatVisitor(JsonFormatVisitorWrapper visitor, JavaType type)
        throws JsonMappingException {
      visitStringFormat(visitor, type);
    }
  }

  static final class Reader extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        return (Duration)
            context.handleWeirdStringValue(Duration.class, text, "%s", e.getMessage());
      }
    }
  }
}
