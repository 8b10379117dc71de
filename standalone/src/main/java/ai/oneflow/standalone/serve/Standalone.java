package ai.oneflow.standalone.serve;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.standalone.manifest.Folder;
import ai.oneflow.standalone.manifest.Register;
import ai.oneflow.standalone.secret.KeyRing;
import ai.oneflow.standalone.secret.SecretFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Operator and gateway in one process. Serves from the end of [#start] on, by what the folder
/// said then, and follows it until it is closed.
public final class Standalone implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
  private static final String INSTANCE = "standalone";
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private final Gateway gateway;
  private final FolderWatch watch;
  private final Thread follower;
  private final Greeting greeting;

  private Standalone(Gateway gateway, FolderWatch watch, Thread follower, Greeting greeting) {
    this.gateway = gateway;
    this.watch = watch;
    this.follower = follower;
    this.greeting = greeting;
  }

  /// Starts and puts the folder in force as far as it can be. Where that fails nothing stays open.
  ///
  /// @param out gets what a person should know, a line at a time
  /// @throws IOException where a folder cannot be used or a port cannot be bound
  public static Standalone start(StandaloneOptions options, Consumer<String> out)
      throws IOException {
    makeFolders(options);
    Deque<Closeable> open = new ArrayDeque<>();
    try {
      return start(options, out, open);
    } catch (IOException | RuntimeException e) {
      for (Closeable part : open) {
        try {
          part.close();
        } catch (IOException also) {
          e.addSuppressed(also);
        }
      }
      throw e;
    }
  }

  private static Standalone start(
      StandaloneOptions options, Consumer<String> out, Deque<Closeable> open) throws IOException {
    FolderWatch watch =
        new FolderWatch(List.of(options.manifests(), options.secrets()), LONGEST_LOOK);
    open.push(watch::close);
    Gateway gateway =
        Gateway.start(
            new GatewayOptions(
                options.callers(),
                options.management(),
                GatewayOptions.defaultEventLoops(),
                LedgerOptions.in(options.state()),
                INSTANCE));
    open.push(gateway::close);
    SecretFolder secrets = new SecretFolder(options.secrets());
    Runner runner = new Runner(gateway.sink(), INSTANCE);
    ControlLoop loop =
        new ControlLoop(
            new Register(new Folder(options.manifests())),
            new ControlLoop.Keys(
                secrets, new KeyRing(secrets, new SecureRandom(), Clock.systemUTC())),
            runner,
            new Notices(out));
    loop.turn();
    String authority = Greeting.authority(options.callers().getAddress(), gateway.port());
    Greeting greeting = new Greeting(runner.runs(), loop.firstKeyFile(), authority);
    Thread follower = Thread.ofPlatform().name("folder").start(() -> follow(watch, loop));
    return new Standalone(gateway, watch, follower, greeting);
  }

  private static void makeFolders(StandaloneOptions options) throws IOException {
    if (!Files.isDirectory(options.manifests())) {
      throw new NotDirectoryException(options.manifests().toString());
    }
    Files.createDirectories(
        options.secrets(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectories(options.state());
  }

  private static void follow(FolderWatch watch, ControlLoop loop) {
    try {
      while (watch.await()) {
        turn(loop);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A bug ends one turn and not the following of the folder, of which nobody would notice the end.
  private static void turn(ControlLoop loop) {
    try {
      loop.turn();
    } catch (RuntimeException e) {
      LOG.error("this look at the folder came to nothing, what was in force stays", e);
    }
  }

  /// The callers' port.
  public int port() {
    return gateway.port();
  }

  /// Host and port that callers on this machine use.
  public String authority() {
    return greeting.authority();
  }

  /// The port of probes and scrapes.
  public int managementPort() {
    return gateway.managementPort();
  }

  /// A command that asks a model with a key, as it could be served at the start; empty where there
  /// was no key or no model.
  public Optional<String> curl() {
    return greeting.curl();
  }

  /// Stops accepting and lets what is on its way end.
  ///
  /// @return whether all of it had ended by the deadline
  public boolean drain(Duration deadline) {
    return gateway.drain(deadline);
  }

  @Override
  public void close() throws IOException {
    watch.close();
    try {
      follower.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    gateway.close();
  }
}
