package dev.diarist.training.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.model.WeSpeakerResNet34;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingNormTest {
  @Test
  void theLayerWithTheNormInItGivesWhatBothGave() {
    float[] layer = {1, 2, 3, 4, 5, 6}; // (2, 3)
    float[] shift = {0.5f, -1};
    var norm =
        new EmbeddingNorm(
            new float[] {2, -3}, new float[] {4, 0.25f}, new float[] {3, 1}, new float[] {0, 7});
    float[] x = {0.1f, -0.2f, 0.3f};
    double[] expected = new double[2];
    for (int d = 0; d < 2; d++) {
      double y = shift[d];
      for (int i = 0; i < 3; i++) {
        y += layer[3 * d + i] * x[i];
      }
      double deviation = Math.sqrt(norm.variance()[d] + WeSpeakerResNet34.EPSILON);
      expected[d] = (y - norm.mean()[d]) / deviation * norm.weight()[d] + norm.bias()[d];
    }
    norm.join(layer, shift);
    for (int d = 0; d < 2; d++) {
      double y = shift[d];
      for (int i = 0; i < 3; i++) {
        y += layer[3 * d + i] * x[i];
      }
      assertEquals(expected[d], y, 1e-5);
    }
  }

  @Test
  void marginAndDisturbancesComeGradually() {
    var settings =
        new EmbeddingTrainingSettings(
            16, 256, List.of(1.0), 128, 32, 1000, 0.001, 50, 0, 0.2, 24, 0.99, 1);
    assertEquals(0, settings.marginAt(250));
    assertEquals(0.1, settings.marginAt(375), 1e-9);
    assertEquals(0.2, settings.marginAt(1000), 1e-9);
    assertEquals(0.1, settings.disturbedAt(1), 1e-9);
    assertEquals(0.375, settings.disturbedAt(200), 1e-9);
    assertEquals(0.65, settings.disturbedAt(1000), 1e-9);
  }
}
