package dev.diarist.numpy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The {@code .npy} format 1.0 for little-endian float32: magic, header padded to a multiple of 64
 * bytes, then the values row by row.
 *
 * <p>Source: numpy.lib.format.
 */
public final class Npy {
  private static final int ALIGNMENT = 64;
  private static final int PREFIX_BYTES = 10; // magic, version, length of the header

  private Npy() {}

  /** Writes what precedes the values of an array of that shape. */
  public static void writeHeader(OutputStream out, int... shape) throws IOException {
    String sizes =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String tuple = "(" + sizes + (shape.length == 1 ? ",)" : ")");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + tuple + ", }";
    int unpadded = PREFIX_BYTES + header.length() + 1;
    int padding = Math.floorMod(-unpadded, ALIGNMENT);
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    prefix.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    prefix.put((byte) 1).put((byte) 0).putShort((short) text.length);
    out.write(prefix.array());
    out.write(text);
  }

  /**
   * Writes the next values.
   *
   * @param values not modified
   */
  public static void writeValues(OutputStream out, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }
}
