package dev.diarist.voices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Diarization;
import dev.diarist.RecognizedSpeaker;
import dev.diarist.clustering.LinearSumAssignment;
import dev.diarist.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Voices that are known by name, and the model whose embeddings they are; immutable.
 *
 * <p>The file is one JSON object: {@code {"model": SHA-256 of the embedding weights, "voices":
 * [{"name": …, "recordings": …, "embedding": […]}, …]}}.
 */
public record VoiceStore(String model, List<Voice> voices) {
  /**
   * Similarity from which a speaker is taken for a voice. With the embeddings of
   * wespeaker-voxceleb-resnet34-LM, 56 of 59 pairs of clusters of different recordings were below
   * 0.41, three were at 0.66, 0.69 and 0.95; of 13 clusters, 8 were above 0.6 between their first
   * and their second half (five recordings, clusters as the pipeline finds them).
   */
  public static final double DEFAULT_THRESHOLD = 0.6;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  public VoiceStore {
    voices = List.copyOf(voices);
    Set<String> names = new HashSet<>();
    for (Voice voice : voices) {
      if (!names.add(voice.name())) {
        throw new IllegalArgumentException("two voices are called " + voice.name());
      }
      if (voice.embedding().length != voices.getFirst().embedding().length) {
        throw new IllegalArgumentException(
            "embeddings must be of one size, got %d and %d values"
                .formatted(voices.getFirst().embedding().length, voice.embedding().length));
      }
    }
  }

  /** Nobody is known. */
  public static VoiceStore empty(String model) {
    return new VoiceStore(model, List.of());
  }

  /**
   * @throws IOException if there is no such file or it is no store of voices; names the file
   */
  public static VoiceStore read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": must be a file of voices, is a folder");
    }
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      List<Voice> voices = new ArrayList<>();
      for (JsonNode voice : json.required("voices")) {
        JsonNode values = voice.required("embedding");
        float[] embedding = new float[values.size()];
        for (int d = 0; d < embedding.length; d++) {
          embedding[d] = finite(values.get(d));
        }
        voices.add(
            new Voice(
                voice.required("name").textValue(),
                voice.required("recordings").intValue(),
                embedding));
      }
      return new VoiceStore(text(json, "model"), voices);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": must be JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new IOException(file + ": is no store of voices: " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.required(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " must be text, found " + value);
    }
    return value.textValue();
  }

  private static float finite(JsonNode value) {
    if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
      throw new IllegalArgumentException("embeddings must be finite numbers, found " + value);
    }
    return value.floatValue();
  }

  /** Writes the store; whoever reads meanwhile sees the old one or the new one. */
  public void write(Path file) throws IOException {
    ObjectNode json = MAPPER.createObjectNode().put("model", model);
    ArrayNode array = json.putArray("voices");
    for (Voice voice : voices) {
      ObjectNode object = array.addObject();
      object.put("name", voice.name()).put("recordings", voice.recordings());
      EmbeddingFormat.put(object, voice.embedding());
    }
    WholeFile.write(file, json + "\n");
  }

  /**
   * @throws IllegalArgumentException if the voices are embeddings of another model
   */
  public void requireModel(String other) {
    if (!model.equals(other)) {
      throw new IllegalArgumentException(
          "the voices must be of the embedding model in use, %s, but are of %s"
              .formatted(shortened(other), shortened(model)));
    }
  }

  private static String shortened(String sha256) {
    return sha256.length() <= 12 ? sha256 : sha256.substring(0, 12) + "…";
  }

  /**
   * This store with a voice learnt from one recording more, or a new one.
   *
   * @param embedding (D) of any length; not modified
   * @throws IllegalArgumentException if the embedding is zero, not finite or of another size, or no
   *     voice may be called so
   */
  public VoiceStore enrol(String name, float[] embedding) {
    float[] unit = unit(embedding);
    List<Voice> enrolled = new ArrayList<>();
    boolean known = false;
    for (Voice voice : voices) {
      boolean same = voice.name().equals(name);
      known |= same;
      if (same && voice.embedding().length != unit.length) {
        throw new IllegalArgumentException(
            "embeddings must be of one size, got %d and %d values"
                .formatted(voice.embedding().length, unit.length));
      }
      enrolled.add(same ? voice.with(unit) : voice);
    }
    if (!known) {
      enrolled.add(new Voice(name, 1, unit));
    }
    return new VoiceStore(model, enrolled);
  }

  /** This store without a voice. */
  public VoiceStore without(String name) {
    return new VoiceStore(
        model, voices.stream().filter(voice -> !voice.name().equals(name)).toList());
  }

  private static float[] unit(float[] embedding) {
    double norm = norm(embedding);
    if (!(norm > 0) || Double.isInfinite(norm)) {
      throw new IllegalArgumentException(
          "an embedding must be finite and not zero, got one of length " + norm);
    }
    float[] unit = new float[embedding.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (embedding[d] / norm);
    }
    return unit;
  }

  /**
   * The diarization with the names of the voices that it knows. Of all ways to give each speaker at
   * most one voice and each voice to at most one speaker, it takes the one in which similarities
   * exceed the threshold by the most in sum.
   *
   * @param threshold the least similarity, above -1, at most 1
   */
  public Diarization name(Diarization diarization, double threshold) {
    requireThreshold(threshold);
    List<String> labels = diarization.speakers();
    if (labels.isEmpty() || voices.isEmpty()) {
      return diarization;
    }
    double[][] similarities = new double[labels.size()][voices.size()];
    double[][] gains = new double[labels.size()][voices.size()];
    for (int i = 0; i < labels.size(); i++) {
      for (int v = 0; v < voices.size(); v++) {
        double similarity = cosine(diarization.speakerEmbeddings()[i], voices.get(v).embedding());
        similarities[i][v] = similarity;
        // What reaches the threshold is worth more than nothing, even where it just does.
        gains[i][v] = similarity >= threshold ? similarity - threshold + 1e-9 : 0;
      }
    }
    int[] assigned = LinearSumAssignment.maximize(gains);
    List<RecognizedSpeaker> recognized = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      int v = assigned[i];
      if (v != LinearSumAssignment.UNASSIGNED && gains[i][v] > 0) {
        recognized.add(
            new RecognizedSpeaker(voices.get(v).name(), labels.get(i), similarities[i][v]));
      }
    }
    return diarization.recognized(recognized);
  }

  /**
   * @throws IllegalArgumentException if the threshold is out of range
   */
  public static void requireThreshold(double threshold) {
    if (!(threshold > -1 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "the voice threshold must be above -1 and at most 1, got " + threshold);
    }
  }

  /** 0 where one is zero: a speaker without an embedding is like nobody. */
  private static double cosine(float[] u, float[] v) {
    if (u.length != v.length) {
      throw new IllegalArgumentException(
          "embeddings must be of one size, got %d and %d values".formatted(u.length, v.length));
    }
    double dot = 0;
    for (int d = 0; d < u.length; d++) {
      dot += (double) u[d] * v[d];
    }
    double norms = norm(u) * norm(v);
    return norms > 0 ? dot / norms : 0;
  }

  private static double norm(float[] u) {
    double sum = 0;
    for (float value : u) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
