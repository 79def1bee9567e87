package dev.diarist.training.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DiscriminantAnalysisTest {
  private static final int VOICES = 12;
  private static final int EACH = 40;

  /** Voices differ in value 1 alone, which scatters little; value 0 scatters most of all. */
  private static double[] embedding(int voice, SplittableRandom random) {
    return new double[] {
      5 + 20 * random.nextGaussian(),
      -3 + (voice - VOICES / 2.0) + 0.1 * random.nextGaussian(),
      random.nextGaussian()
    };
  }

  private static DiscriminantAnalysis fitted(double[][] embeddings, int[] voices, int kept) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < embeddings.length; i++) {
      voices[i] = i % VOICES;
      embeddings[i] = embedding(voices[i], random);
    }
    return DiscriminantAnalysis.fit(embeddings, voices, 0, kept);
  }

  @Test
  void theFirstDirectionIsThatInWhichVoicesDifferAndScatterIsOneInAll() {
    double[][] embeddings = new double[VOICES * EACH][];
    int[] voices = new int[embeddings.length];
    DiscriminantAnalysis analysis = fitted(embeddings, voices, 3);
    double[] row = analysis.map()[0];
    assertTrue(Math.abs(row[1]) > 100 * Math.abs(row[0]), "of value 0: " + row[0]);
    assertTrue(Math.abs(row[1]) > 20 * Math.abs(row[2]), "of value 2: " + row[2]);

    double[][] means = new double[VOICES][3];
    for (int i = 0; i < embeddings.length; i++) {
      double[] y = analysis.apply(embeddings[i]);
      for (int d = 0; d < 3; d++) {
        means[voices[i]][d] += y[d] / EACH;
      }
    }
    double[] scatter = new double[3];
    for (int i = 0; i < embeddings.length; i++) {
      double[] y = analysis.apply(embeddings[i]);
      for (int d = 0; d < 3; d++) {
        scatter[d] += Math.pow(y[d] - means[voices[i]][d], 2) / embeddings.length;
      }
    }
    for (double s : scatter) {
      assertEquals(1, s, 1e-6);
    }
  }

  @Test
  void aLinearLayerJoinedWithItGivesWhatTheAnalysisMakesOfTheLayer() {
    DiscriminantAnalysis analysis = fitted(new double[VOICES * EACH][], new int[VOICES * EACH], 2);
    float[] weight = {1, 2, 3, 4, 5, 6}; // (3, 2)
    float[] bias = {0.5f, -1, 2};
    float[] x = {0.3f, -0.7f};
    double[] before = new double[3];
    for (int d = 0; d < 3; d++) {
      before[d] = weight[2 * d] * x[0] + weight[2 * d + 1] * x[1] + bias[d];
    }
    DiscriminantAnalysis.Layer layer = analysis.joined(weight, bias);
    double[] expected = analysis.apply(before);
    assertEquals(2, layer.bias().length);
    for (int r = 0; r < 2; r++) {
      double y = layer.weight()[2 * r] * x[0] + layer.weight()[2 * r + 1] * x[1] + layer.bias()[r];
      assertEquals(expected[r], y, 1e-4);
    }
  }
}
