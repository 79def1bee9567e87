package dev.diarist.weights.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
  private static final RepositoryName TINY = RepositoryName.of(HubServer.REPOSITORY);
  private static final byte[] CONFIG = "version: 3.1.0\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MODEL = noise(100_000);
  private static final String MODEL_FILE = "segmentation/pytorch_model.bin";

  @TempDir Path home;

  private final HubServer server =
      new HubServer()
          .small("config.yaml", CONFIG)
          .small("README.md", CONFIG)
          .large(MODEL_FILE, MODEL)
          .large("segmentation/model.onnx", noise(10));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRepositoryComesIntoTheCacheInTheLayoutOfHuggingFace() throws IOException {
    Path folder = fetch(options());
    Path root = home.resolve("hub/models--pyannote--tiny");
    assertEquals(root.resolve("snapshots").resolve(HubServer.COMMIT), folder);
    assertArrayEquals(CONFIG, Files.readAllBytes(folder.resolve("config.yaml")));
    assertArrayEquals(MODEL, Files.readAllBytes(folder.resolve(MODEL_FILE)));
    assertEquals(HubServer.COMMIT, Files.readString(root.resolve("refs/main")));
    assertEquals(
        Path.of("../../../blobs", HubServer.sha256(MODEL)),
        Files.readSymbolicLink(folder.resolve(MODEL_FILE)));
    assertTrue(Files.isRegularFile(root.resolve("blobs").resolve(HubServer.gitSha1(CONFIG))));
    // Neither texts for people nor a second format of the same model.
    assertFalse(Files.exists(folder.resolve("README.md")));
    assertFalse(Files.exists(folder.resolve("segmentation/model.onnx")));
  }

  @Test
  void whatIsInTheCacheIsNotDownloadedAgain() throws IOException {
    fetch(options());
    server.requests.clear();
    fetch(options());
    assertEquals(List.of("hub GET /api/models/pyannote/tiny/revision/main"), server.requests);
    server.requests.clear();
    Path offline = fetch(options().offlineOnly());
    assertArrayEquals(MODEL, Files.readAllBytes(offline.resolve(MODEL_FILE)));
    assertEquals(List.of(), server.requests);
  }

  @Test
  @Timeout(10)
  void aRedirectThatIsNotFollowedLeavesNothingOpen() {
    server.nextFromHub.add(
        exchange -> {
          byte[] page = noise(1_000_000);
          exchange.getResponseHeaders().set("Location", "ftp://127.0.0.1/file");
          exchange.sendResponseHeaders(302, page.length);
          exchange.getResponseBody().write(page);
        });
    assertRefused(
        server.endpoint()
            + "/api/models/pyannote/tiny/revision/main: a redirect that leaves HTTPS is not"
            + " followed",
        options());
  }

  @Test
  void twoThreadsMayFetchTheSameRepository() throws Exception {
    server.nextFromStorage.add(
        exchange -> {
          exchange.sendResponseHeaders(200, MODEL.length);
          exchange.getResponseBody().write(MODEL, 0, 10);
          exchange.getResponseBody().flush();
          pause(500);
          exchange.getResponseBody().write(MODEL, 10, MODEL.length - 10);
        });
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Path> first = threads.submit(() -> fetch(options()));
      Future<Path> second = threads.submit(() -> fetch(options()));
      assertArrayEquals(MODEL, Files.readAllBytes(first.get().resolve(MODEL_FILE)));
      assertArrayEquals(MODEL, Files.readAllBytes(second.get().resolve(MODEL_FILE)));
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void withoutConnectionWhatIsNotInTheCacheIsAnError() {
    assertRefused(
        "pyannote/tiny: is not in the cache %s; download it once without --offline"
            .formatted(home.resolve("hub")),
        options().offlineOnly());
    assertEquals(List.of(), server.requests);
  }

  @Test
  void theTokenGoesToTheHubAndNowhereElse() throws IOException {
    server.acceptedToken = "hf_secret";
    fetch(options().withToken("hf_secret"));
    List<String> storage = server.requests.stream().filter(r -> r.startsWith("storage")).toList();
    assertEquals(List.of("storage GET /" + MODEL_FILE + "?signature=1"), storage);
    assertTrue(
        server.requests.stream()
            .filter(r -> r.startsWith("hub"))
            .allMatch(r -> r.endsWith("Bearer hf_secret")),
        server.requests.toString());
    assertFalse(options().withToken("hf_secret").toString().contains("secret"));
  }

  @Test
  void aGatedRepositorySaysWhereToAcceptTheTerms() {
    server.acceptedToken = "hf_secret";
    String page = server.endpoint() + "/pyannote/tiny";
    assertRefused(
        "pyannote/tiny: is gated: sign in at %s, accept its terms there, make a token at %s"
                .formatted(page, server.endpoint())
            + "/settings/tokens and put it in HF_TOKEN",
        options());
    assertRefused(
        "pyannote/tiny: is gated, and the token in use does not open it: accept the terms at "
            + page
            + " with the account of the token",
        options().withToken("hf_other"));
  }

  @Test
  void aRepositoryThatIsNotThereIsNamed() {
    try (Hub hub = new Hub(options())) {
      assertEquals(
          "a/b: is not at %s/a/b, or is private and needs a token".formatted(server.endpoint()),
          assertThrows(WeightsException.class, () -> hub.folder(RepositoryName.of("a/b")))
              .getMessage());
    }
  }

  @Test
  void aBusyHubIsAskedAgain() throws IOException {
    server.nextFromHub.add(HubServer.status(429, "Retry-After", "0"));
    server.nextFromHub.add(HubServer.status(503, "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"));
    server.nextFromStorage.add(HubServer.status(429, "Retry-After", "0"));
    assertTrue(Files.isDirectory(fetch(options())));
  }

  @Test
  void aHubThatIsBusyForLongIsNotWaitedFor() {
    server.nextFromHub.add(HubServer.status(429, "Retry-After", "3600"));
    assertRefused("127.0.0.1: the hub is busy (HTTP 429); try again in 3600 s", options());
  }

  @Test
  void aShortenedDownloadGoesOnWhereItEnded() throws IOException {
    server.nextFromStorage.add(server.shortened(MODEL_FILE, 30_000));
    server.nextFromStorage.add(server.shortened(MODEL_FILE, 40_000));
    List<Long> received = new ArrayList<>();
    Path folder = fetch(options().withListener((file, bytes, total) -> received.add(bytes)));
    assertArrayEquals(MODEL, Files.readAllBytes(folder.resolve(MODEL_FILE)));
    List<String> ranges =
        server.requests.stream().filter(r -> r.contains("storage") && r.contains("bytes")).toList();
    assertFalse(ranges.isEmpty(), server.requests.toString());
    assertTrue(received.contains(100_000L), received.toString());
  }

  @Test
  @Timeout(60)
  void aDownloadThatStallsIsTriedAgainAndThenGivenUp() throws IOException {
    for (int attempt = 0; attempt < 5; attempt++) { // the first brings something
      server.nextFromStorage.add(HubTest::sendsSomeAndStalls);
    }
    Patience patience = impatient(30);
    String message =
        assertThrows(WeightsException.class, () -> fetch(options(), patience)).getMessage();
    assertEquals(
        "pyannote/tiny/%s: nothing came for 1 s after 10 of 100000 bytes; what came is kept, and the"
                .formatted(MODEL_FILE)
            + " next attempt goes on from it",
        message);
    assertEquals(5, server.requests.stream().filter(r -> r.startsWith("storage")).count());
    // The hub is well again: the rest comes.
    Path folder = fetch(options(), patience);
    assertArrayEquals(MODEL, Files.readAllBytes(folder.resolve(MODEL_FILE)));
  }

  @Test
  @Timeout(60)
  void aListOfFilesThatStallsIsGivenUp() {
    server.nextFromHub.add(HubTest::sendsSomeAndStalls);
    assertEquals(
        "pyannote/tiny: the hub's list of files breaks off: nothing came for 1 s",
        assertThrows(WeightsException.class, () -> fetch(options(), impatient(30))).getMessage());
  }

  @Test
  @Timeout(60)
  void aHubThatDoesNotAnswerIsGivenUp() {
    server.nextFromHub.add(exchange -> pause(3000));
    assertEquals(
        "127.0.0.1: cannot be reached (request timed out); --offline uses what is in the cache",
        assertThrows(WeightsException.class, () -> fetch(options(), impatient(1))).getMessage());
  }

  @Test
  @Timeout(60)
  void whereTheHubDoesNotAnswerTheSentenceNamesWhatWasAskedFor() {
    server.nextFromHub.add(exchange -> pause(3000));
    try (Hub hub = new Hub(this::options, impatient(1))) {
      assertEquals(
          "models/tinny: no such file or folder, and no repository of that name can be had:"
              + " 127.0.0.1: cannot be reached (request timed out); --offline uses what is in the"
              + " cache",
          assertThrows(WeightsException.class, () -> hub.locate("models/tinny")).getMessage());
    }
  }

  private static void sendsSomeAndStalls(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, MODEL.length);
    exchange.getResponseBody().write(MODEL, 0, 10);
    exchange.getResponseBody().flush();
    pause(2500);
  }

  /** Waits for an answer as long as it is said, and a second for the bytes of it. */
  private static Patience impatient(int answerSeconds) {
    Duration answer = Duration.ofSeconds(answerSeconds);
    return new Patience(answer, answer, Duration.ofSeconds(1));
  }

  @Test
  void settingsAreReadForRepositoriesOnly() throws IOException {
    Path file = Files.createFile(home.resolve("model.bin"));
    Map<String, String> environment = Map.of("HF_ENDPOINT", "ftp://mirror.example");
    try (Hub hub = new Hub(() -> HubOptions.of(environment, home))) {
      assertEquals(file, hub.locate(file.toString()));
      assertEquals(
          "the variables of the Hugging Face hub (HF_ENDPOINT, HF_TOKEN, HF_HOME, …): the hub's"
              + " address must begin with https://, found ftp://mirror.example",
          assertThrows(WeightsException.class, () -> hub.locate("owner/name")).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"HF_ENDPOINT,https://a b", "HF_ENDPOINT,mirror", "HF_TOKEN,not a token"})
  void variablesThatAreNotWhatTheyMustBeAreNamed(String variable, String value) {
    WeightsException error =
        assertThrows(WeightsException.class, () -> HubOptions.of(Map.of(variable, value), home));
    assertTrue(error.getMessage().contains(variable), error.getMessage());
  }

  @Test
  void aDownloadOfAnEarlierRunGoesOn() throws IOException {
    Path blobs = Files.createDirectories(home.resolve("hub/models--pyannote--tiny/blobs"));
    Path incomplete = blobs.resolve(HubServer.sha256(MODEL) + ".incomplete");
    Files.write(incomplete, Arrays.copyOf(MODEL, 60_000));
    fetch(options());
    assertTrue(
        server.requests.contains("storage GET /" + MODEL_FILE + "?signature=1 bytes=60000-"),
        server.requests.toString());
    assertFalse(Files.exists(incomplete));
  }

  @Test
  void aServerWithoutRangesStartsAgain() throws IOException {
    Path blobs = Files.createDirectories(home.resolve("hub/models--pyannote--tiny/blobs"));
    Files.write(blobs.resolve(HubServer.sha256(MODEL) + ".incomplete"), new byte[60_000]);
    server.nextFromStorage.add(
        exchange -> {
          exchange.sendResponseHeaders(200, MODEL.length);
          exchange.getResponseBody().write(MODEL);
        });
    Path folder = fetch(options());
    assertArrayEquals(MODEL, Files.readAllBytes(folder.resolve(MODEL_FILE)));
  }

  @Test
  void alteredContentIsThrownAway() throws IOException {
    server.announcedChecksum = "ab".repeat(32);
    assertRefused(
        "pyannote/tiny/%s: its content does not match the checksum %s"
            .formatted(MODEL_FILE, server.announcedChecksum),
        options());
    Path blobs = home.resolve("hub/models--pyannote--tiny/blobs");
    assertFalse(Files.exists(blobs.resolve(server.announcedChecksum)));
    assertFalse(Files.exists(blobs.resolve(server.announcedChecksum + ".incomplete")));
  }

  @Test
  void contentWithoutEndIsCutOff() {
    server.nextFromStorage.add(
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // chunks, as many as will come
          for (int i = 0; i < 20; i++) {
            exchange.getResponseBody().write(MODEL);
          }
        });
    assertRefused(
        "pyannote/tiny/%s: is longer than the 100000 bytes that were announced"
            .formatted(MODEL_FILE),
        options());
  }

  @Test
  void redirectsInCirclesEnd() {
    for (int i = 0; i < 6; i++) {
      server.nextFromHub.add(HubServer.status(302, "Location", "/api/again"));
    }
    assertRefused(
        server.endpoint() + "/api/models/pyannote/tiny/revision/main: more than 5 redirects",
        options());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.yaml",
        "a/../../config.yaml",
        "/etc/config.yaml",
        "a\\\\config.yaml/config.yaml",
        ".git/config.yaml",
      })
  void noPathLeavesTheSnapshot(String path) {
    server.small(path, CONFIG);
    assertRefused(
        "pyannote/tiny: the path of a file must lead into the repository, found '%s'"
            .formatted(path.replace("\\\\", "\\")),
        options());
  }

  @Test
  void namesOfRepositoriesAreTold() {
    assertEquals(
        new RepositoryName("pyannote", "segmentation-3.0", "main"),
        RepositoryName.of("pyannote/segmentation-3.0"));
    assertEquals("v1/x", RepositoryName.of("a/b@v1/x").revision());
    for (String other :
        List.of("a", "a/b/c", "../b", "a/..", "a/b@../x", "a/b@", "/a/b", "a b/c")) {
      assertFalse(RepositoryName.is(other), other);
    }
  }

  @Test
  void theVariablesOfHuggingFaceAreFollowed() throws IOException {
    HubOptions plain = HubOptions.of(Map.of(), home);
    assertEquals("https://huggingface.co", plain.endpoint().toString());
    assertEquals(home.resolve(".cache/huggingface/hub"), plain.cache());
    assertEquals(Optional.empty(), plain.token());
    Files.writeString(Files.createDirectories(home.resolve("hf")).resolve("token"), "hf_file\n");
    Map<String, String> set =
        Map.of(
            "HF_HOME", home.resolve("hf").toString(),
            "HF_ENDPOINT", "https://mirror.example/",
            "HF_HUB_OFFLINE", "1");
    HubOptions options = HubOptions.of(set, home);
    assertEquals("https://mirror.example", options.endpoint().toString());
    assertEquals(home.resolve("hf/hub"), options.cache());
    assertEquals(Optional.of("hf_file"), options.token());
    assertTrue(options.offline());
  }

  @Test
  void anEndpointWithoutEncryptionIsRefused() {
    HubOptions options = options();
    assertEquals(
        "the hub's address must begin with https://, found http://mirror.example",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new HubOptions(
                        URI.create("http://mirror.example"),
                        Optional.empty(),
                        options.cache(),
                        false,
                        TransferListener.NONE))
            .getMessage());
  }

  private HubOptions options() {
    return new HubOptions(
        server.endpoint(), Optional.empty(), home.resolve("hub"), false, TransferListener.NONE);
  }

  private static Path fetch(HubOptions options) throws IOException {
    return fetch(options, Patience.DEFAULT);
  }

  private static Path fetch(HubOptions options, Patience patience) throws IOException {
    try (Hub hub = new Hub(() -> options, patience)) {
      return hub.folder(TINY);
    }
  }

  private static void assertRefused(String message, HubOptions options) {
    assertEquals(message, assertThrows(WeightsException.class, () -> fetch(options)).getMessage());
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }
}
