package ai.oneflow.api.validation;

import ai.oneflow.api.v1alpha1.Api;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Judges manifests as the API server would. Safe for use by several threads.
public final class ManifestJudge {
  private static final Map<String, Class<? extends CustomResource<?, ?>>> TYPES =
      Api.kinds().stream().collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private final Schemas schemas = new Schemas();
  private final CelRules rules = new CelRules();
  private final KubernetesSerialization serialization = new KubernetesSerialization();

  /// Judges every document of a YAML text, in order, each as if it were new; empty documents are
  /// passed over. Text that is no YAML ends the list with a refusal that has the line.
  public List<Verdict> judge(String yaml) {
    List<Verdict> verdicts = new ArrayList<>();
    for (YamlDocument document : YamlDocument.readAll(yaml)) {
      verdicts.add(
          switch (document) {
            case YamlDocument.Broken(Finding finding) -> new Verdict.Refused(List.of(finding));
            case YamlDocument.Read read -> judge(read, Optional.empty());
          });
    }
    return verdicts;
  }

  /// Judges a document.
  ///
  /// @param former the resource that it would replace, with its defaults: some rules speak of
  ///     changes
  public Verdict judge(YamlDocument.Read document, Optional<? extends HasMetadata> former) {
    ObjectNode content = document.content().deepCopy();
    String apiVersion = content.path("apiVersion").asText();
    String kind = content.path("kind").asText();
    Findings findings = new Findings(document);
    if (!apiVersion.startsWith(Api.GROUP + "/") && !kind.isEmpty() && !apiVersion.isEmpty()) {
      return new Verdict.OtherKind();
    }
    Class<? extends CustomResource<?, ?>> type = TYPES.get(kind);
    if (type == null || !apiVersion.equals(Api.API_VERSION)) {
      unknownKind(apiVersion, kind, findings);
      return new Verdict.Refused(findings.all());
    }
    JsonNode before =
        former
            .map(resource -> serialization.convertValue(resource, JsonNode.class))
            .orElse(MissingNode.getInstance());
    check(content, before, schemas.of(type), findings);
    return findings.all().isEmpty()
        ? new Verdict.Accepted(serialization.convertValue(content, type))
        : new Verdict.Refused(findings.all());
  }

  /// What is wrong with the metadata of a document of whatever kind.
  public List<Finding> judgeMetadata(YamlDocument.Read document) {
    Findings findings = new Findings(document);
    MetadataShape.check(document.content(), findings);
    if (findings.all().isEmpty()) {
      MetadataCheck.check(document.content(), findings);
    }
    return findings.all();
  }

  private void check(ObjectNode content, JsonNode former, Schema schema, Findings findings) {
    MetadataShape.check(content, findings);
    if (findings.all().isEmpty()) {
      UnknownFields.find(content, schema, findings);
    }
    if (!findings.all().isEmpty()) {
      return;
    }
    // Only the operator writes it; from anybody else the API server does not take it.
    content.remove("status");
    Defaults.fillIn(content, schema);
    MetadataCheck.check(content, findings);
    boolean rulesMayRun = new StructureCheck(findings).check(content, schema);
    ListKeysCheck.check(content, schema, findings);
    if (rulesMayRun) {
      rules.check(content, former, schema, findings);
    }
  }

  private static void unknownKind(String apiVersion, String kind, Findings findings) {
    if (kind.isEmpty()) {
      findings.add("kind", "Object 'Kind' is missing; write one of " + kinds());
    } else if (apiVersion.isEmpty()) {
      findings.add("apiVersion", "apiVersion is missing; write " + Api.API_VERSION);
    } else {
      findings.add(
          "kind",
          "no matches for kind \""
              + kind
              + "\" in version \""
              + apiVersion
              + "\"; "
              + Api.API_VERSION
              + " has "
              + kinds());
    }
  }

  private static String kinds() {
    return Api.kinds().stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
  }
}
