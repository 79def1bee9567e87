package dev.diarist.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Lab;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Uem;
import dev.diarist.metric.Speech;
import dev.diarist.weights.StrictYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The configuration file of pyannote.database: where the recordings of databases are, and which
 * protocols there are, with the subsets train, development and test. Annotations are cut to the
 * annotated parts, so that a collar lies around the cuts, too.
 *
 * <p>Source: pyannote.database 5.1.3, registry.py, custom.py, loader.py and file_finder.py.
 */
final class DatabaseYml {
  private static final String META = "X";

  private final Path file;
  private final Map<String, List<String>> sources = new HashMap<>();
  private final Map<String, Subset> subsets = new LinkedHashMap<>();

  /**
   * One subset of a protocol.
   *
   * @param file that defines it, which its paths start from
   */
  private record Subset(Path file, String database, String name, JsonNode entries) {}

  private DatabaseYml(Path file) {
    this.file = file;
  }

  /**
   * Reads a file and those that it requires.
   *
   * @throws DatasetException if it is no such configuration
   */
  static DatabaseYml read(Path file) throws IOException {
    DatabaseYml database = new DatabaseYml(file);
    database.load(file, new LinkedHashSet<>());
    return database;
  }

  /** {@code Database.Task.Protocol.subset} of each subset. */
  SortedSet<String> subsets() {
    return new TreeSet<>(subsets.keySet());
  }

  /**
   * The recordings of one subset.
   *
   * @param protocolAndSubset {@code Database.Task.Protocol.subset}
   * @param name of the data set
   * @throws DatasetException if there is no such subset, or a file that it names is missing
   */
  Dataset subset(String protocolAndSubset, String name) throws IOException {
    return new Dataset(name, recordings(protocolAndSubset));
  }

  private void load(Path yml, Set<Path> loading) throws IOException {
    if (!loading.add(yml.toAbsolutePath().normalize())) {
      return;
    }
    JsonNode config = StrictYaml.read(yml);
    for (JsonNode required : listed(config.path("Requirements"))) {
      load(yml.resolveSibling(required.asText()), loading);
    }
    for (Map.Entry<String, JsonNode> database : config.path("Databases").properties()) {
      List<String> templates = new ArrayList<>();
      for (JsonNode template : listed(database.getValue())) {
        templates.add(yml.resolveSibling(template.asText()).toString());
      }
      sources.put(database.getKey(), templates);
    }
    for (Map.Entry<String, JsonNode> database : config.path("Protocols").properties()) {
      for (Map.Entry<String, JsonNode> task : database.getValue().properties()) {
        for (Map.Entry<String, JsonNode> protocol : task.getValue().properties()) {
          for (Map.Entry<String, JsonNode> subset : protocol.getValue().properties()) {
            if (subset.getValue().isObject()) { // others are metadata, as `scope`
              subsets.put(
                  String.join(
                      ".", database.getKey(), task.getKey(), protocol.getKey(), subset.getKey()),
                  new Subset(yml, database.getKey(), subset.getKey(), subset.getValue()));
            }
          }
        }
      }
    }
  }

  private static Iterable<JsonNode> listed(JsonNode node) {
    return node.isArray() ? node : node.isMissingNode() ? List.of() : List.of(node);
  }

  private List<Recording> recordings(String protocolAndSubset) throws IOException {
    Subset subset = subsets.get(protocolAndSubset);
    if (subset == null) {
      throw new DatasetException(
          file + ": has no subset " + protocolAndSubset + "; there are " + subsets());
    }
    List<Recording> recordings = new ArrayList<>();
    if (subset.database.equals(META)) {
      for (Map.Entry<String, JsonNode> part : subset.entries.properties()) {
        for (JsonNode name : listed(part.getValue())) {
          recordings.addAll(recordings(part.getKey() + "." + name.asText()));
        }
      }
      return recordings;
    }
    JsonNode uris = subset.entries.path("uri");
    if (!uris.isTextual()) {
      throw new DatasetException(file + ": " + protocolAndSubset + " must have an entry uri");
    }
    Loaded<Map<String, Annotation>> annotations = new Loaded<>(subset, "annotation");
    Loaded<Map<String, List<Segment>>> annotated = new Loaded<>(subset, "annotated");
    for (String line : Files.readAllLines(existing(subset, uris.asText()))) {
      String uri = line.strip();
      if (!uri.isEmpty()) {
        recordings.add(recording(subset, uri, annotations, annotated));
      }
    }
    return recordings;
  }

  private Recording recording(
      Subset subset,
      String uri,
      Loaded<Map<String, Annotation>> annotations,
      Loaded<Map<String, List<Segment>>> annotated)
      throws IOException {
    Annotation annotation =
        annotations
            .of(uri, path -> annotations(path, uri))
            .map(loaded -> loaded.getOrDefault(uri, Annotation.of(List.of())))
            .orElseThrow(
                () -> new DatasetException(subset.file + ": a subset must have an annotation"));
    Optional<List<Segment>> parts =
        annotated.of(uri, Uem::read).map(loaded -> loaded.getOrDefault(uri, List.of()));
    return new Recording(
        uri,
        audio(subset, uri).map(AudioLocation.InFile::new),
        parts
            .filter(segments -> !segments.isEmpty())
            .map(segments -> Speech.within(annotation, segments))
            .orElse(annotation),
        parts);
  }

  private static Map<String, Annotation> annotations(Path path, String uri) throws IOException {
    String name = path.getFileName().toString();
    if (name.endsWith(".rttm")) {
      return Rttm.read(path);
    }
    if (name.endsWith(".lab")) {
      return Map.of(uri, Lab.read(path));
    }
    throw new DatasetException(path + ": annotations must be RTTM or LAB files");
  }

  /** The one file that a template of the database finds; absent where none does. */
  private Optional<Path> audio(Subset subset, String uri) throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    for (String template : sources.getOrDefault(subset.database, List.of())) {
      found.addAll(Globs.find(filled(template, subset, uri)));
    }
    if (found.size() > 1) {
      throw new DatasetException(
          file + ": the audio of " + uri + " must be one file, found " + found);
    }
    return found.stream().findFirst();
  }

  private static String filled(String template, Subset subset, String uri) {
    return template
        .replace("{uri}", uri)
        .replace("{database}", subset.database)
        .replace("{subset}", subset.name);
  }

  /** A path, from the folder of the file that names it unless it is absolute. */
  private static Path existing(Subset subset, String path) throws IOException {
    Path resolved = subset.file.resolveSibling(path);
    if (!Files.isRegularFile(resolved)) {
      throw new DatasetException(
          subset.file + ": names " + path + ", but there is no file " + resolved);
    }
    return resolved;
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(Path path) throws IOException;
  }

  /**
   * The files that an entry of a subset names, each read once unless it is that of one recording.
   */
  private static final class Loaded<T> {
    private final Subset subset;
    private final String template;
    private final Map<Path, T> read = new HashMap<>();

    Loaded(Subset subset, String entry) {
      this.subset = subset;
      JsonNode node = subset.entries.path(entry);
      template = node.isTextual() ? node.asText() : null;
    }

    /** Absent where the subset has no such entry. */
    Optional<T> of(String uri, Reader<T> reader) throws IOException {
      if (template == null) {
        return Optional.empty();
      }
      Path path = existing(subset, filled(template, subset, uri));
      if (template.contains("{uri}")) {
        return Optional.of(reader.read(path));
      }
      if (!read.containsKey(path)) {
        read.put(path, reader.read(path));
      }
      return Optional.of(read.get(path));
    }
  }
}
