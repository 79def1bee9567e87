package dev.diarist.regions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The {@code .npy} format 1.0: magic, header padded to a multiple of 64 bytes, rows.
 *
 * <p>Source: numpy.lib.format.
 */
final class NpyWriter implements ScoreWriter {
  private static final int ALIGNMENT = 64;
  private static final int PREFIX_BYTES = 10; // magic, version, length of the header

  private final OutputStream out;

  NpyWriter(OutputStream out, ScoreLayout layout) throws IOException {
    this.out = out;
    String shape =
        (layout.ofWholeFile() ? "" : layout.chunks() + ", ")
            + layout.frames()
            + ", "
            + layout.classes().size();
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    int unpadded = PREFIX_BYTES + header.length() + 1;
    int padding = Math.floorMod(-unpadded, ALIGNMENT);
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    prefix.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    prefix.put((byte) 1).put((byte) 0).putShort((short) text.length);
    out.write(prefix.array());
    out.write(text);
  }

  @Override
  public void write(float[] scores) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(scores.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(scores);
    out.write(bytes.array());
  }

  @Override
  public void finish() {
    // Nothing follows the rows.
  }
}
