package ai.oneflow.cli.check;

/// Whether an image stays what it is.
final class ImageName {
  private static final String PIN = "name it by its digest, as in NAME@sha256:…";

  private ImageName() {}

  static Finding judge(String subject, String image) {
    if (image.matches(".+@sha256:[0-9a-f]{64}")) {
      return Finding.pass(subject, "image pinned by digest");
    }
    String last = image.substring(image.lastIndexOf('/') + 1);
    String tag = last.contains(":") ? last.substring(last.indexOf(':') + 1) : "latest";
    return switch (tag) {
      case "dev", "latest", "main", "master" ->
          Finding.fail(subject, "image " + image + " is another one every day", PIN);
      default -> Finding.warn(subject, "image " + image + " by a tag, which can be moved", PIN);
    };
  }
}
