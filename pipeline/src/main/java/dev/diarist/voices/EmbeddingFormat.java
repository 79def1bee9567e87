package dev.diarist.voices;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Diarization;
import dev.diarist.numpy.Npy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How speaker embeddings are written. */
public enum EmbeddingFormat {
  /** One line for each recording, with the names of recording and speakers. */
  JSON {
    @Override
    public void write(Diarization diarization, OutputStream out) throws IOException {
      ObjectNode json = MAPPER.createObjectNode().put("uri", diarization.uri());
      ArrayNode array = json.putArray("speakers");
      List<String> speakers = diarization.speakers();
      for (int i = 0; i < speakers.size(); i++) {
        ObjectNode speaker = array.addObject().put("speaker", speakers.get(i));
        put(speaker, diarization.speakerEmbeddings()[i]);
      }
      line(json, out);
    }

    @Override
    public void write(String uri, float[] embedding, OutputStream out) throws IOException {
      line(put(MAPPER.createObjectNode().put("uri", uri), embedding), out);
    }
  },

  /** Arrays of numpy, little-endian float32, which hold no names. */
  NPY {
    @Override
    public void write(Diarization diarization, OutputStream out) throws IOException {
      float[][] rows = diarization.speakerEmbeddings();
      Npy.writeHeader(out, rows.length, rows.length == 0 ? 0 : rows[0].length);
      for (float[] row : rows) {
        Npy.writeValues(out, row);
      }
    }

    @Override
    public void write(String uri, float[] embedding, OutputStream out) throws IOException {
      Npy.writeHeader(out, embedding.length);
      Npy.writeValues(out, embedding);
    }
  };

  /** Names as ASCII, which every terminal and every pipe takes. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /**
   * Writes the embeddings of the speakers, in the order of {@link Diarization#speakers}: {@code
   * {"uri": …, "speakers": [{"speaker": …, "embedding": […]}, …]}}, or an array (speakers, D), (0,
   * 0) where nobody speaks.
   */
  public abstract void write(Diarization diarization, OutputStream out) throws IOException;

  /**
   * Writes the embedding of a whole recording: {@code {"uri": …, "embedding": […]}}, or an array
   * (D).
   *
   * @param embedding not modified
   */
  public abstract void write(String uri, float[] embedding, OutputStream out) throws IOException;

  /** The end of the name of a file in this format, without the dot. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format that the name of a file asks for: {@link #NPY} by its extension, or JSON. */
  public static EmbeddingFormat of(Path file) {
    return file.toString().endsWith("." + NPY.extension()) ? NPY : JSON;
  }

  static ObjectNode put(ObjectNode json, float[] embedding) {
    ArrayNode values = json.putArray("embedding");
    for (float value : embedding) {
      values.add(value);
    }
    return json;
  }

  private static void line(ObjectNode json, OutputStream out) throws IOException {
    out.write((MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
