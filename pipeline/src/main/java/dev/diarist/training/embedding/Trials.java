package dev.diarist.training.embedding;

import dev.diarist.metric.EqualErrorRate;
import dev.diarist.simulation.SpeechCorpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How well an embedding tells speakers apart that it never heard: crops from the beginning of a
 * recording of each against crops from the end of one of each, as they are and with rooms, noise
 * and levels of their own on the two sides.
 */
final class Trials {
  private static final int VARIANTS = 3;
  private static final long NOISY_SEED = 99;

  private final List<float[]> clean = new ArrayList<>();
  private final List<float[]> noisy = new ArrayList<>();

  /**
   * @param crops of the length that is compared
   */
  Trials(SpeechCorpus heldOut, Acoustics acoustics, Crops crops, int bins) throws IOException {
    int speaker = 0;
    for (List<Path> files : heldOut.recordings().values()) {
      for (int side = 0; side < 2; side++) {
        Path file = side == 0 ? files.getFirst() : files.getLast();
        float[] crop = Voices.crop(file, 1, crops.samples(), side);
        clean.add(features(crop, crops, bins));
        for (int variant = 0; variant < VARIANTS; variant++) {
          float[] heard = acoustics.around(crop, Crops.random(NOISY_SEED, speaker, side, variant));
          noisy.add(features(heard, crops, bins));
        }
      }
      speaker++;
    }
  }

  private static float[] features(float[] crop, Crops crops, int bins) {
    float[] features = new float[crops.frames() * bins];
    crops.features(crop, features, 0);
    return features;
  }

  /**
   * Equal error rates.
   *
   * @param clean of crops as they are
   * @param noisy of crops with rooms, noise and levels
   */
  record Rates(double clean, double noisy) {}

  Rates judge(Embedder embedder) {
    return new Rates(rate(embedder, clean, 1), rate(embedder, noisy, VARIANTS));
  }

  /** Features (T, M) of crops to their embeddings. */
  @FunctionalInterface
  interface Embedder {
    double[][] embed(List<float[]> crops);
  }

  /** Crops are ordered by speaker, side and variant. */
  private static double rate(Embedder embedder, List<float[]> crops, int variants) {
    double[][] embeddings = embedder.embed(crops);
    List<Double> same = new ArrayList<>();
    List<Double> different = new ArrayList<>();
    int perSpeaker = 2 * variants;
    for (int i = 0; i < embeddings.length; i++) {
      for (int j = 0; j < embeddings.length; j++) {
        if (i / variants % 2 == 0 && j / variants % 2 == 1) {
          List<Double> pairs = i / perSpeaker == j / perSpeaker ? same : different;
          pairs.add(cosine(embeddings[i], embeddings[j]));
        }
      }
    }
    return EqualErrorRate.of(
        same.stream().mapToDouble(Double::doubleValue).toArray(),
        different.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int d = 0; d < a.length; d++) {
      dot += a[d] * b[d];
      aa += a[d] * a[d];
      bb += b[d] * b[d];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
