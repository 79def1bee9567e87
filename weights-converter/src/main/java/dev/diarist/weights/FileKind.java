package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Tells by their first bytes what files are; names and endings do not count. */
enum FileKind {
  SAFETENSORS,
  TORCH_ZIP;

  private static final int HEAD_BYTES = 512;
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** The pickled number 0x1950a86a20f9469cfc6c, which opens what torch.save wrote before 1.6. */
  private static final byte[] LEGACY_PICKLE =
      HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa85019");

  private static final int TAR_MAGIC_AT = 257;
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  /**
   * @throws WeightsException if the file is neither; the message says what it looks like
   */
  static FileKind of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw refused(file, "a folder");
    }
    if (!Files.isRegularFile(file)) {
      throw refused(file, "nothing of that name");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD_BYTES);
    }
    if (holdsAt(head, 0, ZIP)) {
      return TORCH_ZIP;
    }
    if (head.length > Long.BYTES && head[Long.BYTES] == '{' && headerFits(head, file)) {
      return SAFETENSORS;
    }
    throw refused(file, describe(head));
  }

  private static boolean headerFits(byte[] head, Path file) throws IOException {
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0 && length <= Files.size(file) - Long.BYTES;
  }

  private static String describe(byte[] head) {
    if (head.length == 0) {
      return "an empty file";
    }
    if (holdsAt(head, 0, LEGACY_PICKLE)) {
      return "a PyTorch file from before version 1.6, which is not read; load it and save it again"
          + " with a newer PyTorch";
    }
    if (holdsAt(head, TAR_MAGIC_AT, TAR)) {
      return "a tar archive, PyTorch's oldest format, which is not read";
    }
    if ((head[0] & 0xff) == 0x80) {
      return "a bare Python pickle, which is not read";
    }
    String text = text(head);
    if (text.startsWith("version https://git-lfs.github.com/spec")) {
      return "a Git LFS pointer: the file itself is still to be downloaded";
    }
    if (!text.isEmpty()) {
      return "text that begins '" + text.lines().findFirst().orElse("").strip() + "'";
    }
    byte[] first = Arrays.copyOf(head, Math.min(head.length, 8));
    return "bytes that begin " + HexFormat.ofDelimiter(" ").formatHex(first);
  }

  /** Up to 40 characters of printable ASCII, or nothing where other bytes are among them. */
  private static String text(byte[] head) {
    byte[] first = Arrays.copyOf(head, Math.min(head.length, 40));
    try {
      String text =
          StandardCharsets.US_ASCII.newDecoder().decode(ByteBuffer.wrap(first)).toString();
      boolean printable =
          text.chars().allMatch(c -> c >= ' ' && c < 127 || Character.isWhitespace(c));
      return printable ? text.strip() : "";
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  private static boolean holdsAt(byte[] head, int at, byte[] magic) {
    return head.length >= at + magic.length
        && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
  }

  private static WeightsException refused(Path file, String found) {
    return new WeightsException(
        file + ": a checkpoint must be a safetensors file or a PyTorch zip file, found " + found);
  }
}
