package ai.oneflow.standalone.serve;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RouteEntry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/// The first thing to try.
///
/// @param keyFile of a key that is served. The command reads it from there, so that no plaintext
///     is on a terminal, in its history or in a log.
/// @param authority host and port that callers on this machine use
record Greeting(Optional<GatewaySnapshot> runs, Optional<Path> keyFile, String authority) {

  /// Where callers on this machine find what listens on this address.
  static String authority(InetAddress address, int port) {
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  Optional<String> curl() {
    Optional<String> model =
        runs.stream()
            .flatMap(snapshot -> snapshot.entries().values().stream())
            .filter(RouteEntry.class::isInstance)
            .flatMap(entry -> ((RouteEntry) entry).models().stream())
            // A name that says what it is for cannot be asked for an answer in words.
            .filter(name -> !name.contains("embedding"))
            .findFirst();
    return keyFile.flatMap(file -> model.map(name -> curl(file, name)));
  }

  private String curl(Path file, String model) {
    return """
        curl http://%s/v1/chat/completions \\
          -H "Authorization: Bearer $(cat %s)" \\
          -H 'Content-Type: application/json' \\
          -d '{"model": "%s", "messages": [{"role": "user", "content": "Hello"}]}'"""
        .formatted(authority, quoted(file.toAbsolutePath().normalize().toString()), model);
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }
}
