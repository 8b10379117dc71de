package ai.oneflow.standalone.manifest;

/// Why a manifest is not taken, in the words of the cluster.
///
/// @param subject which resource, or empty where that cannot be told
/// @param words a sentence for a person, without secrets
public record Mistake(Place place, String subject, String words) {
  @Override
  public String toString() {
    return place + ": " + (subject.isEmpty() ? "" : subject + ": ") + words;
  }
}
