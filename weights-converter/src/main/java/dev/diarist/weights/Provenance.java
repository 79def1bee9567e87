package dev.diarist.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a file of weights comes from: its name and checksum, and for a file in the cache of the
 * Hugging Face hub the repository and the commit.
 */
final class Provenance {
  private static final Pattern IN_CACHE =
      Pattern.compile(".*/models--([^/]+)--([^/]+)/snapshots/([0-9a-f]{40})/(.+)");

  private Provenance() {}

  /** {@code source}, {@code sha256} and, where it is known, {@code revision}. */
  static Map<String, String> of(Path file) throws IOException {
    Map<String, String> provenance = new LinkedHashMap<>();
    Matcher cached = IN_CACHE.matcher(file.toAbsolutePath().toString().replace('\\', '/'));
    if (cached.matches()) {
      provenance.put(
          "source", "%s/%s/%s".formatted(cached.group(1), cached.group(2), cached.group(4)));
      provenance.put("revision", cached.group(3));
    } else {
      provenance.put("source", file.getFileName().toString());
    }
    provenance.put("sha256", Sha256.of(file));
    return provenance;
  }
}
