package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.torch.TorchCheckpoint;
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
  SHARD_INDEX,
  TORCH,
  ONNX,
  NPZ,
  NPY;

  private static final int HEAD_BYTES = 512;
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Where the name of the first entry of a zip file begins, and where its length stands. */
  private static final int ZIP_NAME_AT = 30;

  private static final int ZIP_NAME_LENGTH_AT = 26;

  /** The field {@code ir_version} of an ONNX model, which comes first, and the newest versions. */
  private static final int ONNX_VERSION_FIELD = 0x08;

  private static final int NEWEST_ONNX_VERSION = 20;

  /**
   * @throws WeightsException if the file is none of these; the message says what it looks like
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
      return isNpz(head) ? NPZ : TORCH;
    }
    if (TorchCheckpoint.isLegacy(head)) {
      return TORCH;
    }
    if (holdsAt(head, 0, NUMPY)) {
      return NPY;
    }
    if (head.length > Long.BYTES && head[Long.BYTES] == '{' && headerFits(head, file)) {
      return SAFETENSORS;
    }
    if (isOnnx(head)) {
      return ONNX;
    }
    if (head.length > 0 && head[0] == '{') {
      return SHARD_INDEX;
    }
    throw refused(file, describe(head));
  }

  private static boolean isNpz(byte[] head) {
    int length = head.length < ZIP_NAME_AT ? 0 : head[ZIP_NAME_LENGTH_AT] & 0xff;
    int end = ZIP_NAME_AT + length;
    return length > 0
        && end <= head.length
        && new String(head, ZIP_NAME_AT, length, StandardCharsets.ISO_8859_1).endsWith(".npy");
  }

  private static boolean isOnnx(byte[] head) {
    return head.length > 2
        && head[0] == ONNX_VERSION_FIELD
        && head[1] > 0
        && head[1] <= NEWEST_ONNX_VERSION
        && (head[2] & 7) == 2; // the next field is one with a length, whichever it is
  }

  private static boolean headerFits(byte[] head, Path file) throws IOException {
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0 && length <= Files.size(file) - Long.BYTES;
  }

  private static String describe(byte[] head) {
    if (head.length == 0) {
      return "an empty file";
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
        file + ": a checkpoint must be a PyTorch, safetensors, ONNX or NumPy file, found " + found);
  }
}
