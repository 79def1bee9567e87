package dev.diarist.tuning;

import dev.diarist.NetworkOutputs;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.embedding.Embeddings;
import dev.diarist.file.WholeFile;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the networks said of recordings, kept in a folder, one file for each recording.
 *
 * @param model what the outputs depend on besides the audio; outputs of another model are made anew
 */
public record NetworkCache(Path folder, String model) {
  private static final String PROBABILITIES = "probabilities";
  private static final String ACTIVE = "active";
  private static final String EMBEDDINGS = "embeddings";
  private static final String CHUNKS = "chunk_window";
  private static final String FRAMES = "frame_window";

  /** Runs the networks over a recording. */
  @FunctionalInterface
  public interface Networks {
    /**
     * @param listener sees the segmentation, and the embeddings unless nobody speaks
     */
    void run(AudioSource audio, StageListener listener) throws IOException;
  }

  /**
   * The outputs for a recording, from the folder if they are there; absent where nobody speaks.
   *
   * @param uri name of the recording, which names the file
   * @throws IOException if the audio cannot be read, or the folder not be used
   */
  public Optional<NetworkOutputs> outputs(String uri, Path audio, Networks networks)
      throws IOException {
    Path file = folder.resolve(uri.replaceAll("[^\\p{L}\\p{N}._-]", "_") + ".safetensors");
    String source =
        uri + " " + Files.size(audio) + " " + Files.getLastModifiedTime(audio) + " " + model;
    if (Files.exists(file)) {
      Weights kept = SafeTensors.read(file);
      if (source.equals(kept.metadata().get("source"))) {
        return outputs(uri, kept);
      }
    }
    Heard heard = new Heard();
    try (AudioSource recording = AudioFiles.open(audio)) {
      networks.run(recording, heard);
    }
    Files.createDirectories(folder);
    WholeFile.replace(file, part -> SafeTensors.write(part, weights(heard, source)));
    return outputs(uri, SafeTensors.read(file));
  }

  /** Keeps what the networks say. */
  private static final class Heard implements StageListener {
    private Segmentation segmentation;
    private Embeddings embeddings;

    @Override
    public void on(StageEvent event) {
      switch (event) {
        case StageEvent.Segmented(Segmentation heard) -> segmentation = heard;
        case StageEvent.Embedded(Embeddings heard) -> embeddings = heard;
        default -> {
          // The stages after the networks are run again for every trial.
        }
      }
    }
  }

  private static Weights weights(Heard heard, String source) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (heard.embeddings != null) {
      Segmentation segmentation = heard.segmentation;
      Embeddings embeddings = heard.embeddings;
      tensors.put(
          ACTIVE,
          new Tensor(
              DType.U8,
              new long[] {segmentation.chunks(), segmentation.frames()},
              MemorySegment.ofArray(segmentation.active())));
      if (segmentation.probabilities() != null) {
        tensors.put(
            PROBABILITIES,
            Tensor.of(
                segmentation.probabilities(),
                segmentation.chunks(),
                segmentation.frames(),
                segmentation.localSpeakers()));
      }
      tensors.put(CHUNKS, window(segmentation.chunkWindow()));
      tensors.put(FRAMES, window(segmentation.frameWindow()));
      float[] values =
          new float[Math.multiplyExact(embeddings.rows().length, embeddings.dimension())];
      for (int row = 0; row < embeddings.rows().length; row++) {
        System.arraycopy(
            embeddings.rows()[row],
            0,
            values,
            row * embeddings.dimension(),
            embeddings.dimension());
      }
      tensors.put(
          EMBEDDINGS,
          Tensor.of(
              values, embeddings.chunks(), embeddings.localSpeakers(), embeddings.dimension()));
    }
    return Weights.of(tensors, Map.of("source", source));
  }

  /** Start, duration and step as they are, to the last bit. */
  private static Tensor window(SlidingWindow window) {
    return Tensor.of(
        new long[] {
          Double.doubleToRawLongBits(window.startSeconds()),
          Double.doubleToRawLongBits(window.durationSeconds()),
          Double.doubleToRawLongBits(window.stepSeconds())
        },
        3);
  }

  private static SlidingWindow window(Weights kept, String name) {
    long[] bits = kept.longs(name);
    return new SlidingWindow(
        Double.longBitsToDouble(bits[0]),
        Double.longBitsToDouble(bits[1]),
        Double.longBitsToDouble(bits[2]));
  }

  private static Optional<NetworkOutputs> outputs(String uri, Weights kept) {
    if (!kept.contains(EMBEDDINGS)) {
      return Optional.empty();
    }
    long[] activeShape = kept.shape(ACTIVE);
    long[] shape = kept.shape(EMBEDDINGS);
    int localSpeakers = (int) shape[1];
    int dimension = (int) shape[2];
    Segmentation segmentation =
        new Segmentation(
            (int) activeShape[0],
            (int) activeShape[1],
            localSpeakers,
            kept.tensor(ACTIVE).bytes().toArray(ValueLayout.JAVA_BYTE),
            kept.contains(PROBABILITIES) ? kept.floats(PROBABILITIES) : null,
            window(kept, CHUNKS),
            window(kept, FRAMES));
    float[] values = kept.floats(EMBEDDINGS);
    float[][] rows = new float[values.length / dimension][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension);
    }
    return Optional.of(
        new NetworkOutputs(
            uri, segmentation, new Embeddings((int) shape[0], localSpeakers, dimension, rows)));
  }
}
