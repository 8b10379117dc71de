package ai.oneflow.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// An object as the API server has it.
///
/// @param tree never changed
public record Found(Kind kind, JsonNode tree) {

  /// A condition of its status.
  public record Condition(String type, String status, String reason, String message) {
    public boolean holds() {
      return status.equals("True");
    }
  }

  public String namespace() {
    return text("/metadata/namespace");
  }

  public String name() {
    return text("/metadata/name");
  }

  /// As people and the rest of the project write it: `LLMProvider ai/openai`.
  public String title() {
    String place = namespace().isEmpty() ? "" : namespace() + "/";
    return kind.text() + " " + place + name();
  }

  /// What is at a JSON pointer (RFC 6901); empty where there is nothing.
  public String text(String pointer) {
    return tree.at(pointer).asText("");
  }

  /// Whether anything is there, be it empty.
  public boolean has(String pointer) {
    return !tree.at(pointer).isMissingNode() && !tree.at(pointer).isNull();
  }

  public int number(String pointer) {
    return tree.at(pointer).asInt(0);
  }

  /// What is in a list, or nothing.
  public List<JsonNode> list(String pointer) {
    return StreamSupport.stream(tree.at(pointer).spliterator(), false).toList();
  }

  /// A point in time; empty where there is none that could be read.
  public Optional<Instant> instant(String pointer) {
    try {
      return Optional.of(Instant.parse(text(pointer)));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// A label or an annotation by its whole name; empty where there is none.
  public String mark(String group, String name) {
    return tree.path("metadata").path(group).path(name).asText("");
  }

  public List<Condition> conditions() {
    return list("/status/conditions").stream()
        .map(
            c ->
                new Condition(
                    c.path("type").asText(),
                    c.path("status").asText(),
                    c.path("reason").asText(),
                    c.path("message").asText()))
        .toList();
  }

  /// The condition of this type, if somebody has written it.
  public Optional<Condition> condition(String type) {
    return conditions().stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /// Whether its conditions speak of the spec as it is now.
  public boolean isObserved() {
    return tree.at("/status/observedGeneration").asLong(0)
        == tree.at("/metadata/generation").asLong(0);
  }
}
