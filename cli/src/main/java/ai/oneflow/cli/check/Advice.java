package ai.oneflow.cli.check;

import ai.oneflow.api.v1alpha1.ConditionReason;
import java.util.Arrays;

/// What to do about a condition that is not true, for each reason there is;
/// `docs/troubleshooting.md` shows all of it.
final class Advice {
  private static final String OF_A_NEWER_OPERATOR =
      "this tool does not know the reason; take the tool of the operator's version";

  private Advice() {}

  /// For a reason as a status spells it.
  static String of(String reason) {
    return Arrays.stream(ConditionReason.values())
        .filter(known -> known.text().equals(reason))
        .findFirst()
        .map(Advice::of)
        .orElse(OF_A_NEWER_OPERATOR);
  }

  /// Empty for those that say that all is well.
  static String of(ConditionReason reason) {
    return switch (reason) {
      case WELL_FORMED, REFS_RESOLVED, GATEWAYS_PROGRAMMED, ALL_READY -> "";
      case INVALID -> "change what the message names; kubectl oneflow validate judges a file";
      case CONFLICT -> "take the claim out of this resource, or out of the older one it names";
      case UNSUPPORTED_VALUE -> "leave the value out, or wait for a version that serves it";
      case SECRET_NOT_FOUND ->
          "create the Secret in the namespace of the resource: kubectl create secret generic NAME"
              + " --from-literal=KEY=VALUE";
      case SECRET_KEY_MISSING -> "put the key into the Secret, or name the one that is there";
      case PROVIDER_NOT_FOUND ->
          "create the LLMProvider, or write its namespace into the target's provider";
      case MODEL_NOT_FOUND -> "add the model to the LLMProvider's models, or name one of them";
      case REF_NOT_PERMITTED ->
          "let this namespace in at allowedNamespaces of the resource that is pointed to";
      case PENDING ->
          "wait; if it stays so, look for a gateway pod that is not ready: kubectl oneflow health";
      case NO_GATEWAYS ->
          "create an LLMGateway that serves this namespace (allowedNamespaces), or see why its pods"
              + " are not connected: kubectl oneflow health";
      case REJECTED -> "change what the gateway refused; the message has its words";
      case NOT_READY -> "mend the conditions that the message names";
      case CREDENTIAL_REFUSED ->
          "put a credential into the Secret that the account takes; the one before it serves on";
      case PROGRESSING ->
          "wait; if it stays so, see the pods: kubectl get pods -l app.kubernetes.io/instance=NAME";
      case SECRET_REFUSED, WORKLOAD_FAILED ->
          "mend what the message names: a quota, an admission rule, an image, a node that has room";
    };
  }
}
