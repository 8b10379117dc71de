package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.PriceLists;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The price lists that SQL does not have yet: a file each beside the journal, so that they outlive
/// the process as the events do that name them. Thread-safe.
final class PriceListFiles implements PriceLists {
  private static final Logger LOG = LoggerFactory.getLogger(PriceListFiles.class);
  private static final String SUFFIX = ".prices";
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z_-]{1,64}");

  private final Path folder;
  private final InstantSource clock;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final Map<String, String> waiting = new ConcurrentHashMap<>();

  PriceListFiles(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /// At the start: takes up what an earlier process left.
  void takeUp() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> lists = files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
      for (Path file : lists) {
        String name = String.valueOf(file.getFileName());
        String version = name.substring(0, name.length() - SUFFIX.length());
        known.add(version);
        waiting.put(version, Files.readString(file));
      }
    }
  }

  @Override
  public void keep(String version, Supplier<String> content) {
    if (!known.add(version)) {
      return;
    }
    String text = content.get();
    try {
      if (VERSION.matcher(version).matches()) {
        write(version, text);
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("version", version).setCause(e).log("price list not kept on disk");
    }
    waiting.put(version, text);
  }

  /// Writer: brings to SQL what it does not have, before the events that name it.
  void store(Opener opener) throws SQLException, IOException {
    if (waiting.isEmpty()) {
      return;
    }
    Map<String, String> lists = Map.copyOf(waiting);
    opener.open().addPriceLists(lists, clock.millis());
    for (String version : lists.keySet()) {
      waiting.remove(version);
      Files.deleteIfExists(folder.resolve(version + SUFFIX));
    }
  }

  /// Gives the open store.
  interface Opener {
    EventStore open() throws SQLException;
  }

  /// Under its name only when it is whole.
  private void write(String version, String content) throws IOException {
    Path unfinished = folder.resolve(version + SUFFIX + JournalFolder.UNFINISHED);
    Files.write(unfinished, content.getBytes(StandardCharsets.UTF_8));
    Files.move(unfinished, folder.resolve(version + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
  }
}
