package ai.oneflow.api.validation;

import ai.oneflow.api.v1alpha1.Api;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Judges manifests as the API server would. Safe for use by several threads.
public final class ManifestJudge {
  private static final Map<String, Class<? extends CustomResource<?, ?>>> TYPES =
      Api.kinds().stream().collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private final Schemas schemas = new Schemas();
  private final CelRules rules = new CelRules();
  private final KubernetesSerialization serialization = new KubernetesSerialization();

  /// Judges every document of a YAML text, in order; empty documents are passed over. Text that
  /// is no YAML ends the list with a refusal that has the line.
  public List<Verdict> judge(String yaml) {
    List<Verdict> verdicts = new ArrayList<>();
    for (YamlDocument document : YamlDocument.readAll(yaml)) {
      verdicts.add(
          switch (document) {
            case YamlDocument.Broken(Finding finding) ->
                new Verdict.Refused(finding.line(), "a document", List.of(finding));
            case YamlDocument.Read read -> judge(read);
          });
    }
    return verdicts;
  }

  private Verdict judge(YamlDocument.Read document) {
    String apiVersion = document.content().path("apiVersion").asText();
    String kind = document.content().path("kind").asText();
    if (!apiVersion.startsWith(Api.GROUP + "/") && !kind.isEmpty() && !apiVersion.isEmpty()) {
      return new Verdict.OtherKind(document.line(), apiVersion, kind, document.content());
    }
    Findings findings = new Findings(document);
    Class<? extends CustomResource<?, ?>> type = TYPES.get(kind);
    if (type == null || !apiVersion.equals(Api.API_VERSION)) {
      unknownKind(apiVersion, kind, findings);
      return new Verdict.Refused(document.line(), subject(document.content()), findings.all());
    }
    ObjectNode content = document.content().deepCopy();
    check(content, schemas.of(type), findings);
    return findings.all().isEmpty()
        ? new Verdict.Accepted(document.line(), serialization.convertValue(content, type))
        : new Verdict.Refused(document.line(), subject(content), findings.all());
  }

  private void check(ObjectNode content, Schema schema, Findings findings) {
    UnknownFields.find(content, schema, findings);
    if (!findings.all().isEmpty()) {
      return;
    }
    Defaults.fillIn(content, schema);
    MetadataCheck.check(content, findings);
    boolean rulesMayRun = new StructureCheck(findings).check(content, schema);
    ListKeysCheck.check(content, schema, findings);
    if (rulesMayRun) {
      rules.check(content, schema, findings);
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

  private static String subject(ObjectNode content) {
    return content.path("kind").asText("a document")
        + " \""
        + content.path("metadata").path("name").asText()
        + "\"";
  }
}
