package ai.oneflow.standalone.manifest;

import ai.oneflow.api.validation.ManifestJudge;
import ai.oneflow.api.validation.Verdict;
import java.util.List;

/// Judges by the schemas and rules of the CRDs, which is what the API server does.
///
/// Rules about changes alone (`oldSelf`) need the former resource and are not asked.
public final class ClusterJudge implements Judge {
  private final ManifestJudge judge = new ManifestJudge();

  @Override
  public List<Flaw> judge(YamlDocument manifest) {
    return judge.judge(manifest.text()).stream().flatMap(v -> flaws(v).stream()).toList();
  }

  private static List<Flaw> flaws(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted _, Verdict.OtherKind _ -> List.of();
      case Verdict.Refused refused ->
          refused.findings().stream().map(f -> new Flaw(f.path(), f.message())).toList();
    };
  }
}
