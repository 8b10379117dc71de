import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// What an image's HEALTHCHECK runs, for there is no shell and no curl in it: asks the program's
/// management port whether the process is alive, and says so by the exit code. Whether it may be
/// sent requests is `/readyz`, which is a matter of probes.
final class HealthCheck {
  private static final int PATIENCE_MILLIS = 3_000;
  private static final int OK = 200;

  private HealthCheck() {}

  public static void main(String[] arguments) {
    String port = System.getenv().getOrDefault("ONEFLOW_MANAGEMENT_PORT", "8001");
    URI uri = URI.create("http://127.0.0.1:" + port + "/livez");
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      int status = connection.getResponseCode();
      System.out.println(uri + " answers " + status);
      System.exit(status == OK ? 0 : 1);
    } catch (IOException e) {
      System.out.println(uri + ": " + e.getMessage());
      System.exit(1);
    }
  }
}
