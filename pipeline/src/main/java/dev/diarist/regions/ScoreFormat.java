package dev.diarist.regions;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** How scores are written. */
public enum ScoreFormat {
  /** An array of numpy, little-endian float32. */
  NPY {
    @Override
    ScoreWriter open(OutputStream out, ScoreLayout layout) throws IOException {
      return new NpyWriter(out, layout);
    }
  },

  /** One object with the classes, the windows of chunks and frames, and the scores as arrays. */
  JSON {
    @Override
    ScoreWriter open(OutputStream out, ScoreLayout layout) throws IOException {
      return new JsonScoreWriter(out, layout);
    }
  },

  /** A header, then a row for each frame: chunk, frame, its middle in the file, the scores. */
  CSV {
    @Override
    ScoreWriter open(OutputStream out, ScoreLayout layout) throws IOException {
      return new CsvScoreWriter(out, layout);
    }
  };

  abstract ScoreWriter open(OutputStream out, ScoreLayout layout) throws IOException;

  /** The end of the name of a file in this format, without the dot. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }
}
