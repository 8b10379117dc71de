package ai.oneflow.api.validation;

import ai.oneflow.api.value.Limits;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
          .addVar("oldSelf", SimpleType.DYN)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .build();
  private final CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  /// @param former what it would replace; missing where there is nothing, and where elements of a
  ///     list cannot be told apart, so that nobody knows which is which
  void check(ObjectNode content, JsonNode former, Schema schema, Findings findings) {
    fields(new Change("", content, former), schema, findings);
  }

  /// A value and what it was before.
  private record Change(String path, JsonNode now, JsonNode before) {
    Change field(String name) {
      String child = path.isEmpty() ? name : path + "." + name;
      return new Change(child, now.path(name), before.path(name));
    }

    Change element(int index) {
      return new Change(path + "[" + index + "]", now.path(index), MissingNode.getInstance());
    }
  }

  private void fields(Change object, Schema schema, Findings findings) {
    object
        .now
        .fieldNames()
        .forEachRemaining(
            name -> schema.field(name).ifPresent(s -> value(object.field(name), s, findings)));
  }

  private void value(Change change, Schema schema, Findings findings) {
    JsonNode value = change.now;
    for (Schema.Rule rule : schema.rules()) {
      boolean asked = !rule.isTransition() || !change.before.isMissingNode();
      if (asked && !holds(rule, change)) {
        String shown = value.isContainerNode() ? "" : value + ": ";
        findings.atPath(change.path, "Invalid value: " + shown + rule.message(), hint(rule, value));
      }
    }
    if (value.isObject()) {
      fields(change, schema, findings);
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      Change element = change.element(i);
      schema.items().ifPresent(items -> value(element, items, findings));
    }
  }

  /// Where limits go wrong: more than the API server lets a rule cost.
  private static String hint(Schema.Rule rule, JsonNode value) {
    return rule.message().equals(Limits.SENTENCE) ? Limits.fault(value.asText()).orElse("") : "";
  }

  /// A rule that cannot be evaluated, as after an overflow, does not hold: so the API server has
  /// it.
  private boolean holds(Schema.Rule rule, Change change) {
    Map<String, Object> values =
        rule.isTransition()
            ? Map.of("self", toCel(change.now), "oldSelf", toCel(change.before))
            : Map.of("self", toCel(change.now));
    try {
      CelRuntime.Program program = programs.computeIfAbsent(rule.expression(), this::compile);
      return Boolean.TRUE.equals(program.eval(values));
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
