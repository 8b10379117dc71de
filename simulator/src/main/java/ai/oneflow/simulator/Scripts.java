package ai.oneflow.simulator;

import java.util.ArrayList;
import java.util.List;

/// The rules in force, in the order they were added; the first that matches is taken.
final class Scripts {
  private final List<ScriptRule> rules = new ArrayList<>();

  synchronized void add(ScriptRule rule) {
    rules.add(rule);
  }

  synchronized void clear() {
    rules.clear();
  }

  synchronized List<ScriptRule> rules() {
    return List.copyOf(rules);
  }

  synchronized Script take(String model, String path, Script otherwise) {
    for (int i = 0; i < rules.size(); i++) {
      ScriptRule rule = rules.get(i);
      if (rule.matches(model, path)) {
        use(i, rule);
        return rule.script();
      }
    }
    return otherwise;
  }

  private void use(int index, ScriptRule rule) {
    if (rule.times() == 1) {
      rules.remove(index);
    } else if (rule.times() > 1) {
      rules.set(index, rule.used());
    }
  }
}
