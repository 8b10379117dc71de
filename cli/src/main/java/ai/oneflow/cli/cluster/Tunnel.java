package ai.oneflow.cli.cluster;

import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/// A way to a gateway's port: through the API server and the node's kubelet, as `kubectl
/// port-forward` goes, or straight to where a person says. Ends with [#close()].
///
/// @param base without a `/` at its end
/// @param title what is at its end, for a person
public record Tunnel(URI base, String title, AutoCloseable way) implements AutoCloseable {

  /// Straight to an address that this machine can reach.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  public static Tunnel to(String url) {
    if (!url.matches("https?://[^/?#\\s]+/?")) {
      throw new IllegalArgumentException(
          "'" + url + "' is no address of a gateway, as in http://127.0.0.1:8001");
    }
    URI base = URI.create(url.replaceFirst("/$", ""));
    return new Tunnel(base, base.toString(), () -> {});
  }

  static Tunnel through(LocalPortForward forward, String title) {
    return new Tunnel(URI.create("http://127.0.0.1:" + forward.getLocalPort()), title, forward);
  }

  @Override
  public void close() {
    try {
      way.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) { // AutoCloseable declares it, nobody throws it.
      throw new IllegalStateException(e);
    }
  }
}
