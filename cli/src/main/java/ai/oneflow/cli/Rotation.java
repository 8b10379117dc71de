package ai.oneflow.cli;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.key.KeyState;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/// Has the operator make another key, and says what came of it.
///
/// @param within how long the operator is waited for; nothing: not at all
record Rotation(Cluster cluster, Duration within, PrintWriter out, PrintWriter err) {

  /// Asks for one key and waits for it.
  ///
  /// @param spec what else is changed of the ApiKey's spec at the same time; may be empty
  /// @return whether it was made, or nobody waited for it
  boolean rotate(Found key, ObjectNode spec) {
    String wish = Instant.now().toString(); // any value that was not there yet
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").putObject("annotations").put(Api.ROTATE_ANNOTATION, wish);
    if (!spec.isEmpty()) {
      patch.set("spec", spec);
    }
    Found asked = cluster.patch(key, patch);
    if (within.isZero()) {
      out.println(key.title() + ": asked for another key");
      return true;
    }
    return cluster
        .await(asked, seen -> seen.text("/status/rotation").equals(wish), within)
        .map(this::tell)
        .orElseGet(() -> complain(key));
  }

  private boolean tell(Found key) {
    KeyState state = new KeyState(key, Instant.now());
    String grace = key.text("/status/graceUntil");
    out.printf(
        "%s: the key is %s… now, in Secret %s/%s; %s%n",
        key.title(),
        key.text("/status/prefix").replaceFirst("…$", ""),
        key.namespace(),
        state.secretName(),
        grace.isEmpty()
            ? "the one before it works no more"
            : "the one before it works until " + grace);
    return true;
  }

  private boolean complain(Found key) {
    err.printf(
        "error: %s: no operator has made another key within %d s, though it is asked for;"
            + " see kubectl oneflow health%n",
        key.title(), within.toSeconds());
    return false;
  }
}
