package dev.diarist.voices;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.Diarization;
import dev.diarist.Turn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingFormatTest {
  private static final Diarization TALK =
      new Diarization(
          "talk",
          List.of(new Turn(0, 1, "B"), new Turn(1, 2, "A")),
          List.of(),
          new float[][] {{1, 0.5f}, {-2, 1e-10f}},
          List.of());

  @Test
  void jsonNamesTheSpeakersInTheirOrder() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EmbeddingFormat.JSON.write(TALK, out);
    EmbeddingFormat.JSON.write("wh\u00f6le", new float[] {3}, out);
    assertEquals(
        """
        {"uri":"talk","speakers":[{"speaker":"A","embedding":[1.0,0.5]},{"speaker":"B","embedding":[-2.0,1.0E-10]}]}
        {"uri":"wh\\u00F6le","embedding":[3.0]}
        """,
        out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  void npyIsAnArrayOfFloats() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EmbeddingFormat.NPY.write(TALK, out);
    assertNpy("(2, 2)", new float[] {1, 0.5f, -2, 1e-10f}, out.toByteArray());
    out.reset();
    EmbeddingFormat.NPY.write("whole", new float[] {3}, out);
    assertNpy("(1,)", new float[] {3}, out.toByteArray());
    out.reset();
    EmbeddingFormat.NPY.write(Diarization.silent("silence"), out);
    assertNpy("(0, 0)", new float[0], out.toByteArray());
  }

  /** A header of 118 characters, which begins after ten bytes. */
  private static void assertNpy(String shape, float[] values, byte[] npy) {
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }",
        new String(npy, 10, 118, StandardCharsets.US_ASCII).strip());
    assertArrayEquals(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, Arrays.copyOf(npy, 10));
    float[] found = new float[(npy.length - 128) / 4];
    ByteBuffer.wrap(npy, 128, npy.length - 128)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(found);
    assertArrayEquals(values, found);
  }

  @Test
  void theNameOfAFileAsksForItsFormat() {
    assertEquals(EmbeddingFormat.NPY, EmbeddingFormat.of(Path.of("x/a.npy")));
    assertEquals(EmbeddingFormat.JSON, EmbeddingFormat.of(Path.of("x/a.json")));
    assertEquals(EmbeddingFormat.JSON, EmbeddingFormat.of(Path.of("folder")));
  }
}
