package ai.oneflow.gateway.dialect.usage;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonListener;
import java.util.Optional;

/// What one dialect says of usage, in the JSON texts of one answer, one after another.
public interface UsageListener extends JsonListener {

  /// What is wanted of each text.
  JsonField root();

  /// As [ai.oneflow.gateway.dialect.UsageReader#usage] has it.
  Optional<Usage> usage();
}
