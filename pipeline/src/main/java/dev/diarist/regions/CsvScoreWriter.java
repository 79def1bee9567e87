package dev.diarist.regions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Scores as a table; times are the middles of frames, as doubles. */
final class CsvScoreWriter implements ScoreWriter {
  private final OutputStream out;
  private final ScoreLayout layout;
  private long rows;

  CsvScoreWriter(OutputStream out, ScoreLayout layout) throws IOException {
    this.out = out;
    this.layout = layout;
    String columns = layout.ofWholeFile() ? "frame,seconds," : "chunk,frame,seconds,";
    write(columns + String.join(",", layout.classes()) + "\n");
  }

  @Override
  public void write(float[] scores) throws IOException {
    int classes = layout.classes().size();
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < scores.length; row += classes) { // scores[row / classes, :]
      int frame = (int) (rows % layout.frames());
      double middle = layout.frameWindow().middleSeconds(frame);
      if (!layout.ofWholeFile()) {
        int chunk = (int) (rows / layout.frames());
        middle += layout.chunkWindow().segment(chunk).startSeconds();
        text.append(chunk).append(',');
      }
      text.append(frame).append(',').append(middle);
      for (int k = 0; k < classes; k++) {
        text.append(',').append(scores[row + k]);
      }
      text.append('\n');
      rows++;
    }
    write(text.toString());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void finish() {
    // Nothing follows the rows.
  }
}
