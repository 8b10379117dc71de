package ai.oneflow.simulator.recording;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;

/// Loads cassettes from disk: one file, or every `.yaml` under a folder in order of name.
///
/// The files are other people's and stay outside the project, so their place is always told by the
/// caller; where nothing is there, the message says how to tell it.
public final class Recordings {
  private static final int LARGEST_CASSETTE_CHARACTERS = 64 << 20;
  private static final String ENDING = ".yaml";
  private static final YAMLMapper YAML = yaml();

  private Recordings() {}

  /// The cassettes at `place`, those without HTTP included.
  ///
  /// @throws IllegalArgumentException if nothing is at `place`, or a file there is no cassette
  public static List<Recording> load(Path place) {
    if (Files.notExists(place)) {
      throw new IllegalArgumentException(
          "no recordings at %s: name a cassette or a folder of cassettes (--recordings PATH)"
              .formatted(place));
    }
    Path root = Files.isDirectory(place) ? place : place.resolveSibling("");
    try (Stream<Path> files = Files.walk(place)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .map(file -> read(root, file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the recordings in " + place, e);
    }
  }

  /// The cassettes under `place` that speak OpenAI's wire, each cut down to that part.
  public static List<Recording> loadOpenAi(Path place) {
    return load(place).stream()
        .map(Recording::openAiPart)
        .filter(recording -> !recording.interactions().isEmpty())
        .toList();
  }

  private static Recording read(Path root, Path file) {
    String relative = root.relativize(file).toString().replace('\\', '/');
    String name = relative.substring(0, relative.length() - ENDING.length());
    try {
      JsonNode interactions = YAML.readTree(file.toFile()).path("interactions");
      if (!interactions.isArray()) {
        throw new IllegalArgumentException(file + " is no cassette: it has no `interactions` list");
      }
      InteractionReader reader = new InteractionReader(new JsonMapper());
      return new Recording(
          name,
          interactions.valueStream().filter(InteractionReader::isHttp).map(reader::read).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the cassette " + file, e);
    }
  }

  /// Numbers are read as decimals, so that `0.10` is written as `0.10` again.
  private static YAMLMapper yaml() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST_CASSETTE_CHARACTERS);
    YAMLFactory factory = YAMLFactory.builder().loaderOptions(limits).build();
    return YAMLMapper.builder(factory)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }
}
