package ai.oneflow.gateway.telemetry;

import java.util.List;
import java.util.stream.Stream;

/// Label names that several metrics share; their values are given in the same order.
final class Labels {
  static final List<String> HTTP = List.of("surface");
  static final List<String> HTTP_STATUS = List.of("surface", "status");
  static final List<String> PROVIDER =
      List.of(
          "gen_ai_operation_name",
          "gen_ai_request_model",
          "gen_ai_provider_name",
          "gen_ai_response_model");
  static final List<String> PROVIDER_ALONE = List.of("gen_ai_provider_name");
  static final List<String> TARGET = List.of("gen_ai_provider_name", "gen_ai_response_model");
  static final List<String> TARGET_STATE = and(TARGET, "state");
  static final List<String> PROVIDER_CODE = and(PROVIDER, "code");
  static final List<String> PROVIDER_OUTCOME = and(PROVIDER, "outcome");
  static final List<String> PROVIDER_TOKENS = and(PROVIDER, "gen_ai_token_type");
  static final List<String> PROVIDER_PART = and(PROVIDER, "part");
  static final List<String> PROVIDER_CHARGE = and(PROVIDER, "state");

  private static List<String> and(List<String> some, String more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  private Labels() {}
}
