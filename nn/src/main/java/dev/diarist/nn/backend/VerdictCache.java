package dev.diarist.nn.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers what a {@link SelfTest} found, in a folder with a file for each backend, device,
 * version of what reaches it, version of Diarist and number of processors. A folder that cannot be
 * read or written costs another test and nothing else.
 */
final class VerdictCache {
  private static final System.Logger LOGGER = System.getLogger(VerdictCache.class.getName());
  private static final String PASSED = "passed";
  private static final String FAILED = "failed: ";

  private final Path folder;

  VerdictCache(Path folder) {
    this.folder = folder;
  }

  /** {@code $XDG_CACHE_HOME/diarist/backends}, by default below {@code ~/.cache}. */
  static VerdictCache ofUser() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return new VerdictCache(home.resolve("diarist").resolve("backends"));
  }

  /** What speaks against a backend on a device, from the file or from the test. */
  Optional<String> verdict(Backend backend, Device device, Supplier<SelfTest.Verdict> test) {
    String key = key(backend, device);
    Path file = folder.resolve(name(key));
    try {
      if (Files.isRegularFile(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2 && lines.getFirst().equals(key)) {
          if (lines.getLast().equals(PASSED)) {
            return Optional.empty();
          }
          if (lines.getLast().startsWith(FAILED)) {
            return Optional.of(lines.getLast().substring(FAILED.length()));
          }
        }
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", file, e);
    }
    SelfTest.Verdict verdict = test.get();
    if (verdict.lasting()) {
      write(file, key + "\n" + verdict.against().map(FAILED::concat).orElse(PASSED) + "\n");
    }
    return verdict.against();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be written: {1}", file, e);
    }
  }

  private static String key(Backend backend, Device device) {
    String version = VerdictCache.class.getPackage().getImplementationVersion();
    return String.join(
            " | ",
            backend.name(),
            device.name(),
            device.software(),
            "Diarist " + version,
            Runtime.getRuntime().availableProcessors() + " processors")
        .replaceAll("\\s+", " ");
  }

  private static String name(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16) + ".txt";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
