package dev.diarist.weights.hub;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the hub is and what may be done there.
 *
 * @param endpoint {@code https://huggingface.co} or a mirror; plain HTTP only on this machine
 * @param token of an account; sent to the endpoint and nowhere else
 * @param cache the folder of all repositories, shared with Python's huggingface_hub
 * @param offline whether only the cache is used
 */
public record HubOptions(
    URI endpoint, Optional<String> token, Path cache, boolean offline, TransferListener listener) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /**
   * @throws IllegalArgumentException if the endpoint is no HTTPS address or the token is none
   */
  public HubOptions {
    boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
    boolean here =
        "http".equalsIgnoreCase(endpoint.getScheme()) && THIS_MACHINE.contains(endpoint.getHost());
    if (endpoint.getHost() == null || !secure && !here) {
      throw new IllegalArgumentException(
          "the hub's address must begin with https://, found " + endpoint);
    }
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw new IllegalArgumentException("a token must be printable and without spaces");
    }
  }

  /**
   * What the variables of huggingface_hub say: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code
   * HF_TOKEN_PATH}, {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code HF_HUB_OFFLINE}.
   *
   * <p>Source: huggingface_hub/constants.py.
   *
   * @param environment not modified
   * @param userHome where {@code .cache/huggingface} is
   * @throws WeightsException if a variable is not what it must be
   * @throws IOException if there is a token file and it cannot be read
   */
  public static HubOptions of(Map<String, String> environment, Path userHome) throws IOException {
    try {
      return read(environment, userHome);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          "the variables of the Hugging Face hub (HF_ENDPOINT, HF_TOKEN, HF_HOME, …): "
              + e.getMessage(),
          e);
    }
  }

  private static HubOptions read(Map<String, String> environment, Path userHome)
      throws IOException {
    Path caches =
        variable(environment, "XDG_CACHE_HOME").map(Path::of).orElse(userHome.resolve(".cache"));
    Path home =
        variable(environment, "HF_HOME").map(Path::of).orElse(caches.resolve("huggingface"));
    Path cache =
        variable(environment, "HF_HUB_CACHE")
            .or(() -> variable(environment, "HUGGINGFACE_HUB_CACHE"))
            .map(Path::of)
            .orElse(home.resolve("hub"));
    Path tokenFile =
        variable(environment, "HF_TOKEN_PATH").map(Path::of).orElse(home.resolve("token"));
    Optional<String> token =
        variable(environment, "HF_TOKEN").or(() -> variable(environment, "HUGGING_FACE_HUB_TOKEN"));
    if (token.isEmpty() && Files.isRegularFile(tokenFile)) {
      token = Optional.of(Files.readString(tokenFile).strip()).filter(text -> !text.isEmpty());
    }
    String endpoint = variable(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
    boolean offline =
        variable(environment, "HF_HUB_OFFLINE")
            .map(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
            .orElse(false);
    URI address = URI.create(endpoint.replaceAll("/+$", ""));
    return new HubOptions(address, token, cache, offline, TransferListener.NONE);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  public HubOptions withListener(TransferListener listener) {
    return new HubOptions(endpoint, token, cache, offline, listener);
  }

  public HubOptions withToken(String token) {
    return new HubOptions(endpoint, Optional.of(token), cache, offline, listener);
  }

  /** The same without any connection. */
  public HubOptions offlineOnly() {
    return new HubOptions(endpoint, token, cache, true, listener);
  }

  /** Keeps the token out of messages and logs. */
  @Override
  public String toString() {
    return "HubOptions[%s, %s, %s%s]"
        .formatted(
            endpoint,
            token.isPresent() ? "with a token" : "without a token",
            cache,
            offline ? ", offline" : "");
  }
}
