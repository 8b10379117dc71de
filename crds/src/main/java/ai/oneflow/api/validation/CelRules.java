package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Evaluates the rules of a schema. They use standard CEL alone, none of the functions that
/// Kubernetes adds; a test holds them to that.
final class CelRules {
  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .addVar("self", SimpleType.DYN)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .build();
  private final CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  void check(ObjectNode content, Schema schema, Findings findings) {
    fields("", content, schema, findings);
  }

  private void fields(String path, JsonNode object, Schema schema, Findings findings) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      schema.field(field.getKey()).ifPresent(s -> value(child, field.getValue(), s, findings));
    }
  }

  private void value(String path, JsonNode value, Schema schema, Findings findings) {
    for (Schema.Rule rule : schema.rules()) {
      if (!rule.isTransition() && !holds(rule, value)) {
        String shown = value.isContainerNode() ? "" : value + ": ";
        findings.atPath(path, "Invalid value: " + shown + rule.message());
      }
    }
    if (value.isObject()) {
      fields(path, value, schema, findings);
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      String element = path + "[" + i + "]";
      JsonNode item = value.get(i);
      schema.items().ifPresent(items -> value(element, item, items, findings));
    }
  }

  /// A rule that cannot be evaluated, as after an overflow, does not hold: so the API server has
  /// it.
  private boolean holds(Schema.Rule rule, JsonNode value) {
    try {
      CelRuntime.Program program = programs.computeIfAbsent(rule.expression(), this::compile);
      return Boolean.TRUE.equals(program.eval(Map.of("self", toCel(value))));
    } catch (CelEvaluationException _) {
      return false;
    }
  }

  private CelRuntime.Program compile(String expression) {
    try {
      return runtime.createProgram(compiler.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("the schema has a rule that is no CEL: " + expression, e);
    }
  }

  private static Object toCel(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        value.properties().forEach(f -> map.put(f.getKey(), toCel(f.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        value.forEach(element -> list.add(toCel(element)));
        yield list;
      }
      case NUMBER -> value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
      case BOOLEAN -> value.booleanValue();
      default -> value.asText();
    };
  }
}
