package dev.diarist.weights.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Behaves on this machine as the hub does: small files directly, large ones by a redirect to
 * another server with ranges, terms to accept, and whatever failures a test queues.
 */
final class HubServer implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String REPOSITORY = "pyannote/tiny";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final Map<String, byte[]> small = new LinkedHashMap<>();
  private final Map<String, byte[]> large = new LinkedHashMap<>();

  /** Method, path, range and token of each request, in order. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Handlers that take the next requests for the bytes of large files. */
  final Deque<Answer> nextFromStorage = new ConcurrentLinkedDeque<>();

  /** The same for the hub itself. */
  final Deque<Answer> nextFromHub = new ConcurrentLinkedDeque<>();

  String acceptedToken;
  String announcedChecksum;

  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  HubServer() {
    hub.createContext("/", exchange -> answer(exchange, "hub", nextFromHub, this::fromHub));
    storage.createContext(
        "/", exchange -> answer(exchange, "storage", nextFromStorage, this::fromStorage));
    hub.start();
    storage.start();
  }

  HubServer small(String path, byte[] content) {
    small.put(path, content);
    return this;
  }

  HubServer large(String path, byte[] content) {
    large.put(path, content);
    return this;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  static Answer status(int code, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(code, -1);
    };
  }

  /** Announces the whole and breaks the connection after {@code bytes}. */
  Answer shortened(String path, int bytes) {
    return exchange -> {
      byte[] content = large.get(path);
      int from = from(exchange);
      exchange.getResponseHeaders().set("Content-Range", range(from, content));
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
      exchange.getResponseBody().write(content, from, bytes);
      exchange.getResponseBody().flush();
      throw new IOException("broken off on purpose");
    };
  }

  private void answer(HttpExchange exchange, String who, Deque<Answer> next, Answer usual)
      throws IOException {
    try (exchange) {
      Headers headers = exchange.getRequestHeaders();
      requests.add(
          "%s %s %s%s%s"
              .formatted(
                  who,
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  headers.containsKey("Range") ? " " + headers.getFirst("Range") : "",
                  headers.containsKey("Authorization")
                      ? " " + headers.getFirst("Authorization")
                      : ""));
      Answer queued = next.poll();
      (queued == null ? usual : queued).to(exchange);
    }
  }

  private void fromHub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (path.equals("/api/models/" + REPOSITORY + "/revision/main")) {
      List<String> names = new ArrayList<>(small.keySet());
      names.addAll(large.keySet());
      String siblings =
          names.stream().map("{\"rfilename\": \"%s\"}"::formatted).collect(Collectors.joining(","));
      send(exchange, "{\"sha\": \"%s\", \"siblings\": [%s]}".formatted(COMMIT, siblings));
      return;
    }
    String files = "/" + REPOSITORY + "/resolve/" + COMMIT + "/";
    String file = path.startsWith(files) ? path.substring(files.length()) : "";
    if (!small.containsKey(file) && !large.containsKey(file)) {
      status(404, "X-Error-Code", "RepoNotFound").to(exchange);
    } else if (acceptedToken != null && !("Bearer " + acceptedToken).equals(token)) {
      status(token == null ? 401 : 403, "X-Error-Code", "GatedRepo").to(exchange);
    } else if (large.containsKey(file)) {
      byte[] content = large.get(file);
      String sum = announcedChecksum == null ? sha256(content) : announcedChecksum;
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sum + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      status(302, "Location", storageAddress() + "/" + file + "?signature=1").to(exchange);
    } else {
      byte[] content = small.get(file);
      exchange.getResponseHeaders().set("ETag", '"' + gitSha1(content) + '"');
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : content.length);
      if (!head) {
        exchange.getResponseBody().write(content);
      }
    }
  }

  /** Another host than the hub's. */
  private String storageAddress() {
    return "http://localhost:" + storage.getAddress().getPort();
  }

  private void fromStorage(HttpExchange exchange) throws IOException {
    byte[] content = large.get(exchange.getRequestURI().getPath().substring(1));
    int from = from(exchange);
    if (from > 0) {
      exchange.getResponseHeaders().set("Content-Range", range(from, content));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  private static String range(int from, byte[] content) {
    return "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
  }

  private static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static String sha256(byte[] content) {
    return digest("SHA-256", content);
  }

  static String gitSha1(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return digest("SHA-1", whole);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
      server.setExecutor(threads);
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
