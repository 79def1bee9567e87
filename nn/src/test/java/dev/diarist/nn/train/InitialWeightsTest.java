package dev.diarist.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private static Weights segmentation(long seed) {
    PyanNet network =
        new PyanNet(
            16000,
            10,
            80,
            251,
            10,
            List.of(new Op.Conv1d(60, 5, 1), new Op.Conv1d(60, 5, 1)),
            List.of(new Op.Lstm(16, 2, true)),
            List.of(128, 128),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE);
    return InitialWeights.of(network.graph(network.chunkSamples()), seed);
  }

  /** The values that asteroid-filterbanks 0.4.0 begins with. */
  @Test
  void sincFiltersLieSideBySideOnTheMelScale() {
    Weights weights = segmentation(1);
    float[] low = weights.floats("sincnet.conv1d.0.filterbank.low_hz_");
    float[] band = weights.floats("sincnet.conv1d.0.filterbank.band_hz_");
    assertEquals(40, low.length);
    assertEquals(30, low[0], 1e-3);
    assertEquals(low[1], low[0] + band[0], 1e-3);
    assertEquals(7900, low[39] + band[39], 1e-2);
    double step = (2595 * Math.log10(1 + 7900 / 700.0) - 47.29) / 40;
    assertEquals(47.29 + 20 * step, 2595 * Math.log10(1 + low[20] / 700), 0.02);
    float[] window = weights.floats("sincnet.conv1d.0.filterbank.window_");
    assertEquals(0.08, window[0], 1e-6);
    assertEquals(0.99985474, window[124], 1e-7);
    float[] n = weights.floats("sincnet.conv1d.0.filterbank.n_");
    assertEquals(-2 * Math.PI * 125 / 16000, n[0], 1e-8);
    assertEquals(-2 * Math.PI / 16000, n[124], 1e-9);
  }

  @Test
  void theSeedDecides() {
    String name = "lstm.weight_hh_l1_reverse";
    assertArrayEquals(segmentation(1).floats(name), segmentation(1).floats(name));
    assertTrue(segmentation(1).floats(name)[0] != segmentation(2).floats(name)[0]);
  }

  @Test
  void everyLayerHasItsBounds() {
    Weights weights = segmentation(1);
    assertBound(weights.floats("lstm.bias_ih_l0"), 0.25); // 1/√16
    assertBound(weights.floats("sincnet.conv1d.1.weight"), 0.05); // 1/√(80·5)
    assertBound(weights.floats("linear.1.weight"), 1 / Math.sqrt(128));
    assertArrayEquals(new float[7], weights.floats("classifier.bias"));
    assertEquals(1, weights.floats("sincnet.norm1d.1.weight")[3]);
  }

  /** Even draws: all within the bound, some near it, their square a third of its. */
  private static void assertBound(float[] values, double bound) {
    double largest = 0;
    double squares = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
      squares += (double) value * value / values.length;
    }
    assertTrue(largest <= bound && largest > 0.9 * bound, largest + " of " + bound);
    assertEquals(bound * bound / 3, squares, 0.2 * bound * bound);
  }
}
