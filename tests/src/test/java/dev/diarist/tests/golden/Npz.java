package dev.diarist.tests.golden;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A float32 array out of a numpy {@code .npz} file.
 *
 * @param shape its dimensions
 * @param values row-major
 */
record Npz(long[] shape, float[] values) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "'descr': '<f4', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\)",
          Pattern.CASE_INSENSITIVE);

  /**
   * @throws IOException if there is no array of that name or it is no row-major float32 array
   */
  static Npz read(Path file, String name) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(name + ".npy");
      if (entry == null) {
        throw new IOException("no array " + name + " in " + file);
      }
      try (DataInputStream in = new DataInputStream(zip.getInputStream(entry))) {
        return readArray(in, file + "/" + name);
      }
    }
  }

  private static Npz readArray(DataInputStream in, String where) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
      throw new IOException("no numpy array of version 1 to 3: " + where);
    }
    int length =
        version == 1
            ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
            : Integer.reverseBytes(in.readInt());
    String header = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.find()) {
      throw new IOException("a row-major float32 array is needed, got " + header + " in " + where);
    }
    long[] shape =
        Arrays.stream(matcher.group(1).split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    return new Npz(
        shape, floats(in, Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))));
  }

  private static float[] floats(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(4 * count);
    float[] values = new float[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
