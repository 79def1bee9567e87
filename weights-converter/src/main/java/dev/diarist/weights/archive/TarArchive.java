package dev.diarist.weights.archive;

import dev.diarist.nn.weights.WeightsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a tar archive as windows into its bytes. Links and special files are errors.
 *
 * <p>Source: the ustar format of POSIX.1-1988 and the pax headers of POSIX.1-2001.
 */
public final class TarArchive {
  private static final int BLOCK = 512;
  private static final int MAGIC_AT = 257;
  private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_MEMBERS = 10_000;

  private final String file;
  private final Map<String, ByteBuffer> members = new LinkedHashMap<>();

  private TarArchive(String file) {
    this.file = file;
  }

  /** Whether a file that begins so is a tar archive. */
  public static boolean begins(byte[] head) {
    int end = MAGIC_AT + MAGIC.length;
    return head.length >= end && Arrays.equals(head, MAGIC_AT, end, MAGIC, 0, MAGIC.length);
  }

  /**
   * @param bytes of the archive; the members are windows into them
   * @param file what messages call them
   * @throws WeightsException if this is no such archive
   */
  public static TarArchive of(ByteBuffer bytes, String file) throws WeightsException {
    TarArchive archive = new TarArchive(file);
    archive.read(bytes);
    return archive;
  }

  /**
   * A new window over a file's bytes.
   *
   * @throws WeightsException if there is no such file
   */
  public ByteBuffer member(String name) throws WeightsException {
    ByteBuffer member = members.get(name);
    if (member == null) {
      throw error("the archive has no file '%s'".formatted(name));
    }
    return member.duplicate();
  }

  private void read(ByteBuffer bytes) throws WeightsException {
    EntryNames names = new EntryNames(file);
    int at = 0;
    while (at <= bytes.limit() - BLOCK && !isZero(bytes, at)) {
      checkChecksum(bytes, at);
      long size = octal(bytes, at + 124, 12);
      char kind = (char) bytes.get(at + 156);
      if (size > bytes.limit() - at - BLOCK) {
        throw error("a file in it ends outside the archive");
      }
      switch (kind) {
        case '0', '\0' -> {
          if (members.size() == MAX_MEMBERS) {
            throw error("must hold at most %d files".formatted(MAX_MEMBERS));
          }
          String prefix = text(bytes, at + 345, 155);
          String name = (prefix.isEmpty() ? "" : prefix + "/") + text(bytes, at, 100);
          members.put(
              names.add(name.startsWith("./") ? name.substring(2) : name),
              bytes.slice(at + BLOCK, (int) size));
        }
        case '5' -> {} // a folder
        case 'x', 'g' -> {} // pax: times and owners, which nobody asks for
        default -> throw error("links and special files are not read, found kind '" + kind + "'");
      }
      // A file of the size of the rest of the archive ends the walk by passing the limit.
      at = (int) Math.min(bytes.limit(), at + BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK);
    }
  }

  private static boolean isZero(ByteBuffer bytes, int at) {
    for (int i = 0; i < BLOCK; i++) {
      if (bytes.get(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum of the header's bytes, with spaces in the place of the sum itself. */
  private void checkChecksum(ByteBuffer bytes, int at) throws WeightsException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : Byte.toUnsignedInt(bytes.get(at + i));
    }
    if (sum != octal(bytes, at + 148, 8)) {
      throw error("a header in it is damaged: its checksum does not match");
    }
  }

  private long octal(ByteBuffer bytes, int at, int length) throws WeightsException {
    String digits = text(bytes, at, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw error("a header in it has no octal number where one must be");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    int end = 0;
    while (end < length && bytes.get(at + end) != 0) {
      end++;
    }
    byte[] text = new byte[end];
    bytes.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
