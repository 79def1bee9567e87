package dev.diarist.regions;

import dev.diarist.numpy.Npy;
import java.io.IOException;
import java.io.OutputStream;

/** An array of numpy: {@link Npy}. */
final class NpyWriter implements ScoreWriter {
  private final OutputStream out;

  NpyWriter(OutputStream out, ScoreLayout layout) throws IOException {
    this.out = out;
    int classes = layout.classes().size();
    if (layout.ofWholeFile()) {
      Npy.writeHeader(out, layout.frames(), classes);
    } else {
      Npy.writeHeader(out, layout.chunks(), layout.frames(), classes);
    }
  }

  @Override
  public void write(float[] scores) throws IOException {
    Npy.writeValues(out, scores);
  }

  @Override
  public void finish() {
    // Nothing follows the rows.
  }
}
