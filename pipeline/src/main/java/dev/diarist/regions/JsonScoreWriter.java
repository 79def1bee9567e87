package dev.diarist.regions;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.io.OutputStream;

/** Scores as nested arrays of one JSON object. */
final class JsonScoreWriter implements ScoreWriter {
  private final ScoreLayout layout;
  private final JsonGenerator json;
  private long rows;

  JsonScoreWriter(OutputStream out, ScoreLayout layout) throws IOException {
    this.layout = layout;
    // ASCII, so that it may be cut anywhere and still be text.
    json =
        new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.writeStartObject();
    json.writeStringField("uri", layout.uri());
    json.writeArrayFieldStart("classes");
    for (String name : layout.classes()) {
      json.writeString(name);
    }
    json.writeEndArray();
    if (!layout.ofWholeFile()) {
      write("chunks", layout.chunkWindow());
    }
    write("frames", layout.frameWindow());
    json.writeArrayFieldStart("scores");
  }

  private void write(String name, SlidingWindow window) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("start", window.startSeconds());
    json.writeNumberField("duration", window.durationSeconds());
    json.writeNumberField("step", window.stepSeconds());
    json.writeEndObject();
  }

  @Override
  public void write(float[] scores) throws IOException {
    int classes = layout.classes().size();
    for (int row = 0; row < scores.length; row += classes) { // scores[row / classes, :]
      if (!layout.ofWholeFile() && rows % layout.frames() == 0) {
        json.writeStartArray();
      }
      json.writeStartArray();
      for (int k = 0; k < classes; k++) {
        json.writeNumber(scores[row + k]);
      }
      json.writeEndArray();
      rows++;
      if (!layout.ofWholeFile() && rows % layout.frames() == 0) {
        json.writeEndArray();
      }
    }
  }

  @Override
  public void finish() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
    json.close();
  }
}
