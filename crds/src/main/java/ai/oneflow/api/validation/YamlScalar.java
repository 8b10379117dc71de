package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// What an unquoted word of YAML means. `kubectl` reads YAML 1.1, in which `yes` is a truth value,
/// so that is what is read here; a reader of YAML 1.2 would judge another manifest.
final class YamlScalar {
  /// Marks what is neither quoted nor tagged by its writer.
  private static final Tag PLAIN = new Tag("plain");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
  private static final Pattern OCTAL = Pattern.compile("[-+]?0o?([0-7][0-7_]*)");
  private static final Pattern HEXADECIMAL = Pattern.compile("[-+]?0x([0-9a-fA-F][0-9a-fA-F_]*)");
  private static final Pattern BINARY = Pattern.compile("[-+]?0b([01][01_]*)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

  private YamlScalar() {}

  static JsonNode toJson(ScalarNode scalar) {
    String text = scalar.getValue();
    if (!isPlain(scalar)) {
      return JSON.textNode(text);
    }
    if (NULLS.contains(text)) {
      return JSON.nullNode();
    }
    if (TRUE.contains(text)) {
      return JSON.booleanNode(true);
    }
    return FALSE.contains(text) ? JSON.booleanNode(false) : number(text);
  }

  static boolean isPlain(ScalarNode scalar) {
    return scalar.getTag().equals(PLAIN);
  }

  /// Leaves it to this class what a plain word means.
  static final class Words extends FailsafeSchema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (_, plain) -> plain ? PLAIN : Tag.STR;
    }
  }

  private static JsonNode number(String text) {
    if (DECIMAL.matcher(text).matches()) {
      return integer(text, 10);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return integer(text.replaceFirst("0x", ""), 16);
    }
    if (BINARY.matcher(text).matches()) {
      return integer(text.replaceFirst("0b", ""), 2);
    }
    if (OCTAL.matcher(text).matches()) {
      return integer(text.replaceFirst("0o?", ""), 8);
    }
    return FLOAT.matcher(text).matches() ? decimal(text) : JSON.textNode(text);
  }

  private static JsonNode integer(String digits, int radix) {
    BigInteger value = new BigInteger(digits.replace("_", ""), radix);
    return value.bitLength() < Long.SIZE
        ? JSON.numberNode(value.longValue())
        : JSON.numberNode(value.doubleValue());
  }

  /// A whole number is an integer, however it is written: JSON has one kind of number.
  private static JsonNode decimal(String text) {
    BigDecimal value = new BigDecimal(text);
    boolean whole = value.stripTrailingZeros().scale() <= 0;
    return whole && value.precision() - value.scale() < 19
        ? JSON.numberNode(value.longValueExact())
        : JSON.numberNode(value.doubleValue());
  }
}
