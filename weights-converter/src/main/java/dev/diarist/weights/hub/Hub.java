package dev.diarist.weights.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.DefaultModel;
import dev.diarist.weights.Network;
import dev.diarist.weights.RepositorySource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Repositories of the Hugging Face hub, from the local cache or by download into it. */
public final class Hub implements RepositorySource, AutoCloseable {
  private static final int MAX_LISTING_BYTES = 8_000_000;
  private static final int MAX_FILES = 10_000;
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(50)
                      .maxTokenCount(500_000)
                      .build())
              .build());

  /** What a conversion may need besides the model files of {@link Network#modelFiles}. */
  private static final Pattern WANTED =
      Pattern.compile(
          "config\\.(yaml|json)|(plda|xvec_transform)\\.npz|model-[0-9]+-of-[0-9]+\\.safetensors"
              + "|model(\\.int8)?\\.onnx\\.data"
              + "|(segmentation|embedding|plda)\\.safetensors");

  private final Settings settings;
  private final Patience patience;
  private HubOptions options;
  private HubClient client;

  /** Where options come from, such as the environment. */
  public interface Settings {
    HubOptions read() throws IOException;
  }

  public Hub(HubOptions options) {
    this(() -> options);
  }

  /** The hub of settings that are read when a repository is first asked for, and not before. */
  public Hub(Settings settings) {
    this(settings, Patience.DEFAULT);
  }

  Hub(Settings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
  }

  private synchronized void connect() throws IOException {
    if (client == null) {
      options = settings.read();
      client = new HubClient(options, patience);
    }
  }

  @Override
  public Optional<Path> folder(String repository, Optional<String> revision) throws IOException {
    String text = repository + revision.map(r -> "@" + r).orElse("");
    if (!RepositoryName.is(text)) {
      return Optional.empty();
    }
    return Optional.of(folder(RepositoryName.of(text)));
  }

  /**
   * The folder with the files of models in a repository, downloaded as far as they are not in the
   * cache.
   *
   * @throws WeightsException if the repository is gated or is not there, the hub cannot be reached
   *     or its files are not what it says; without connection, if it is not in the cache
   */
  public Path folder(RepositoryName repository) throws IOException {
    connect();
    HubCache cache = new HubCache(options.cache(), repository);
    if (options.offline()) {
      return cache
          .snapshot()
          .orElseThrow(
              () ->
                  new WeightsException(
                      "%s: is not in the cache %s; download it once without --offline"
                          .formatted(repository, options.cache())));
    }
    JsonNode listing = listing(repository);
    String commit = listing.path("sha").asText();
    if (!RepositoryName.isCommit(commit)) {
      throw new WeightsException(repository + ": the hub names no commit");
    }
    List<String> paths = wanted(repository, listing);
    for (String path : paths) {
      if (!cache.holds(commit, path)) {
        fetch(repository, cache, commit, path);
      }
    }
    cache.refer(commit);
    return cache.snapshot(commit);
  }

  /**
   * A file or folder of that name where there is one, otherwise the model that comes with Diarist,
   * or the folder of the repository of that name.
   *
   * @param source a path, {@link DefaultModel#NAME}, {@code owner/name} or {@code
   *     owner/name@revision}
   * @throws WeightsException as {@link #folder(RepositoryName)} or {@link DefaultModel#folder} does
   */
  public Path locate(String source) throws IOException {
    Path path = Path.of(source);
    if (Files.exists(path)) {
      return path;
    }
    if (source.equals(DefaultModel.NAME)) {
      return DefaultModel.folder();
    }
    if (!RepositoryName.is(source)) {
      return path;
    }
    RepositoryName repository = RepositoryName.of(source);
    connect(); // settings that cannot be read have nothing to do with the name
    try {
      return folder(repository);
    } catch (WeightsException e) {
      if (e.getMessage().startsWith(repository.toString())) {
        throw e;
      }
      throw new WeightsException(
          "%s: no such file or folder, and no repository of that name can be had: %s"
              .formatted(source, e.getMessage()),
          e);
    }
  }

  private void fetch(RepositoryName repository, HubCache cache, String commit, String path)
      throws IOException {
    URI address =
        client.address("/" + repository.path() + "/resolve/" + commit + "/" + encoded(path));
    HubFile file = describe(repository, address, path);
    new Download(client, repository, file, options.listener()).to(address, cache.blob(file));
    cache.link(commit, file);
  }

  /** Checksum and size, which the hub gives for large files in headers of their own. */
  private HubFile describe(RepositoryName repository, URI address, String path) throws IOException {
    HttpResponse<InputStream> response = client.head(address);
    client.requireSuccess(response, repository);
    response.body().close();
    HttpHeaders headers = response.headers();
    String etag =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> headers.firstValue("ETag"))
            .orElse("")
            .replaceFirst("^W/", "")
            .replace("\"", "");
    String size =
        headers
            .firstValue("X-Linked-Size")
            .or(() -> headers.firstValue("Content-Length"))
            .orElse("");
    if (!HubFile.isChecksum(etag) || !size.matches("[0-9]{1,15}")) {
      throw new WeightsException(
          "%s/%s: the hub gives no checksum and size".formatted(repository, path));
    }
    return new HubFile(path, etag, Long.parseLong(size));
  }

  private JsonNode listing(RepositoryName repository) throws IOException {
    URI address =
        client.address(
            "/api/models/"
                + repository.path()
                + "/revision/"
                + URLEncoder.encode(repository.revision(), StandardCharsets.UTF_8));
    HttpResponse<InputStream> response = client.get(address, 0);
    client.requireSuccess(response, repository);
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(MAX_LISTING_BYTES + 1);
    } catch (IOException e) {
      throw new WeightsException(
          "%s: the hub's list of files breaks off: %s".formatted(repository, e.getMessage()), e);
    }
    try {
      if (response.statusCode() != 200 || body.length > MAX_LISTING_BYTES) {
        throw new WeightsException(repository + ": the hub gives no list of files");
      }
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new WeightsException(repository + ": the hub's list of files is not readable", e);
    }
  }

  /** Of each folder its configuration and the one model file that is preferred. */
  private static List<String> wanted(RepositoryName repository, JsonNode listing)
      throws WeightsException {
    List<String> wanted = new ArrayList<>();
    Map<String, String> models = new HashMap<>();
    for (JsonNode sibling : listing.path("siblings")) {
      String path = sibling.path("rfilename").asText();
      int slash = path.lastIndexOf('/');
      String name = path.substring(slash + 1);
      String folder = path.substring(0, slash + 1);
      if (WANTED.matcher(name).matches()) {
        wanted.add(path);
      } else if (Network.modelFiles().contains(name)) {
        models.merge(folder, name, Hub::preferred);
      }
    }
    models.forEach((folder, name) -> wanted.add(folder + name));
    if (wanted.isEmpty() || wanted.size() > MAX_FILES) {
      throw new WeightsException(repository + ": holds no file of a model that is read");
    }
    return wanted;
  }

  private static String preferred(String a, String b) {
    List<String> order = Network.modelFiles();
    return order.indexOf(a) <= order.indexOf(b) ? a : b;
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
