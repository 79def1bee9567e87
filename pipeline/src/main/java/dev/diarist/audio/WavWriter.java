package dev.diarist.audio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sound as a WAV file of 16-bit samples. */
public final class WavWriter {
  private static final int HEADER_BYTES = 44;
  private static final int PCM = 1;
  private static final int BYTES = 2;
  private static final int SCALE = 1 << 15;

  private WavWriter() {}

  /**
   * Writes one channel: samples times 2¹⁵, rounded, those beyond 16 bits clipped.
   *
   * @param samples not modified
   * @param out not closed
   */
  public static void write(float[] samples, int sampleRate, OutputStream out) throws IOException {
    int bytes = Math.multiplyExact(samples.length, BYTES);
    ByteBuffer file =
        ByteBuffer.allocate(Math.addExact(HEADER_BYTES, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    tag(file, "RIFF").putInt(HEADER_BYTES - 8 + bytes); // after this chunk's own head
    tag(file, "WAVE");
    tag(file, "fmt ").putInt(16).putShort((short) PCM).putShort((short) 1);
    file.putInt(sampleRate).putInt(sampleRate * BYTES);
    file.putShort((short) BYTES).putShort((short) (8 * BYTES));
    tag(file, "data").putInt(bytes);
    for (float sample : samples) {
      int rounded = Math.round(sample * SCALE);
      file.putShort((short) Math.clamp(rounded, Short.MIN_VALUE, Short.MAX_VALUE));
    }
    out.write(file.array());
  }

  private static ByteBuffer tag(ByteBuffer file, String tag) {
    return file.put(tag.getBytes(StandardCharsets.US_ASCII));
  }
}
