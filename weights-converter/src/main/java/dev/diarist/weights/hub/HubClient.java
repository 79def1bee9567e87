package dev.diarist.weights.hub;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to the hub: redirects are followed by hand, so that the token goes to the hub alone; a
 * hub that is busy is asked again.
 */
final class HubClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_ATTEMPTS = 5;

  /** A hub that wants a longer pause is told of instead of waited for. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> BUSY = Set.of(429, 500, 502, 503, 504);

  private final HubOptions options;
  private final Patience patience;
  private final HttpClient http;

  HubClient(HubOptions options, Patience patience) {
    this.options = options;
    this.patience = patience;
    http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience.connection())
            .build();
  }

  /** An address of the hub. */
  URI address(String path) {
    return URI.create(options.endpoint() + path);
  }

  /**
   * The answer to a GET, wherever redirects lead.
   *
   * @param from the first byte wanted; 0 for all
   */
  HttpResponse<InputStream> get(URI address, long from) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    // Compression would make another length and another checksum of it.
    request.header("Accept-Encoding", "identity");
    return send(request, address, true);
  }

  /**
   * The answer to a HEAD of the hub itself: redirects inside the hub are followed, one to the place
   * of a large file's bytes is the answer.
   */
  HttpResponse<InputStream> head(URI address) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder().HEAD();
    request.header("Accept-Encoding", "identity");
    return send(request, address, false);
  }

  static boolean isRedirect(int status) {
    return REDIRECTS.contains(status);
  }

  private HttpResponse<InputStream> send(
      HttpRequest.Builder request, URI address, boolean everywhere) throws IOException {
    URI at = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = sendPatiently(request, at);
      Optional<String> location = response.headers().firstValue("Location");
      if (!isRedirect(response.statusCode()) || location.isEmpty()) {
        return response;
      }
      response.body().close(); // what is left open keeps the client from closing
      URI next = resolved(at, location.get());
      if (!everywhere && !isHub(next)) {
        return response;
      }
      at = next;
    }
    throw new WeightsException(address + ": more than %d redirects".formatted(MAX_REDIRECTS));
  }

  private static URI resolved(URI from, String location) throws WeightsException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(from + ": a redirect to no address", e);
    }
    boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
    if (to.getHost() == null || downgrade || !Set.of("http", "https").contains(to.getScheme())) {
      throw new WeightsException(from + ": a redirect that leaves HTTPS is not followed");
    }
    return to;
  }

  /** Whether an address is the hub's own: the same scheme, host and port. */
  private boolean isHub(URI address) {
    URI hub = options.endpoint();
    return hub.getScheme().equalsIgnoreCase(address.getScheme())
        && hub.getHost().equalsIgnoreCase(address.getHost())
        && hub.getPort() == address.getPort();
  }

  private HttpResponse<InputStream> sendPatiently(HttpRequest.Builder request, URI address)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      HttpRequest.Builder addressed = request.copy().uri(address).timeout(patience.answer());
      addressed.header("User-Agent", "diarist");
      if (isHub(address)) {
        options.token().ifPresent(token -> addressed.header("Authorization", "Bearer " + token));
      }
      HttpResponse<InputStream> response = sendOnce(addressed.build());
      if (!BUSY.contains(response.statusCode())) {
        return response;
      }
      response.body().close();
      Duration pause = pause(response, attempt);
      if (attempt == MAX_ATTEMPTS || pause.compareTo(LONGEST_PAUSE) > 0) {
        throw new WeightsException(
            "%s: the hub is busy (HTTP %d); try again in %d s"
                .formatted(address.getHost(), response.statusCode(), pause.toSeconds()));
      }
      sleep(pause);
    }
  }

  private HttpResponse<InputStream> sendOnce(HttpRequest request) throws IOException {
    try {
      return http.send(
          request,
          _ ->
              BodySubscribers.mapping(
                  BodySubscribers.ofInputStream(), body -> new TimedStream(body, patience.next())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    } catch (IOException e) {
      throw new WeightsException(
          "%s: cannot be reached (%s); --offline uses what is in the cache"
              .formatted(request.uri().getHost(), reason(e)),
          e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** What {@code Retry-After} says in seconds or as a date; otherwise twice as long each time. */
  private static Duration pause(HttpResponse<?> response, int attempt) {
    String text = response.headers().firstValue("Retry-After").orElse("").strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(Instant.now(), then);
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeParseException e) {
      return Duration.ofMillis(250L << attempt);
    }
  }

  static void sleep(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }

  /** Ends in a sentence where the hub refuses. */
  void requireSuccess(HttpResponse<InputStream> response, RepositoryName repository)
      throws IOException {
    int status = response.statusCode();
    if (status < 400) {
      return;
    }
    response.body().close();
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    throw new WeightsException(repository + ": " + refusal(status, code, repository));
  }

  private String refusal(int status, String code, RepositoryName repository) {
    String page = options.endpoint() + "/" + repository.path();
    boolean hasToken = options.token().isPresent();
    if (status == 403 || status == 401 && code.equals("GatedRepo")) {
      return hasToken
          ? "is gated, and the token in use does not open it: accept the terms at %s with the"
                  .formatted(page)
              + " account of the token"
          : "is gated: sign in at %s, accept its terms there, make a token at %s/settings/tokens"
                  .formatted(page, options.endpoint())
              + " and put it in HF_TOKEN";
    }
    if (code.equals("RevisionNotFound")) {
      return "has no revision '%s'".formatted(repository.revision());
    }
    if (status == 401 || status == 404) {
      return "is not at %s, or is private%s".formatted(page, hasToken ? "" : " and needs a token");
    }
    return "the hub answers with HTTP " + status;
  }

  @Override
  public void close() {
    http.close();
  }
}
