package ai.oneflow.simulator;

/// The page that a proxy in front of a provider answers with when the provider is away.
final class Html {
  private Html() {}

  static String page(int status) {
    return """
        <!DOCTYPE html>
        <html><head><title>%1$d</title></head>
        <body><center><h1>%1$d</h1></center><hr><center>edge</center></body></html>
        """
        .formatted(status);
  }
}
