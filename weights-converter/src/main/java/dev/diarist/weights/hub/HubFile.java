package dev.diarist.weights.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One file of a commit.
 *
 * @param path inside the repository
 * @param etag SHA-256 of a large file; of a small one Git's SHA-1 of its length and content
 * @param size bytes
 */
record HubFile(String path, String etag, long size) {
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final int SHA256_DIGITS = 64;

  static boolean isChecksum(String etag) {
    return CHECKSUM.matcher(etag).matches();
  }

  /** Whether the content of {@code file} is the one that the hub announced. */
  boolean matches(Path file) throws IOException {
    boolean large = etag.length() == SHA256_DIGITS;
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(large ? "SHA-256" : "SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
    }
    if (!large) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest()).equals(etag);
  }
}
