package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Whether a backend gives the numbers of another one, and gives them sooner: both networks, with
 * fewer layers and random weights, over a few examples.
 */
final class SelfTest {
  private static final int SEED = 7;
  private static final int BATCH = 8;
  private static final int SAMPLES = 48_000;
  private static final int FBANK_FRAMES = 298; // of as many samples
  private static final int MASKS = 3;
  private static final int MASK_FRAMES = 174;

  /** Of the largest value: float32 sums in another order through a dozen layers, with room. */
  private static final double TOLERANCE = 1e-4;

  private SelfTest() {}

  /**
   * @param against what speaks against the backend; empty if nothing does
   * @param lasting whether it will be the same next time, as it is not where a run failed
   */
  record Verdict(Optional<String> against, boolean lasting) {}

  /** A network, and what it is given. */
  private record Trial(Graph graph, float[][] inputs) {}

  /** An answer, and how long the second run took that gave it. */
  private record Answer(float[] values, long nanos) {}

  static Verdict compare(Backend candidate, Backend reference) {
    long candidateNanos = 0;
    long referenceNanos = 0;
    for (Trial trial : trials()) {
      Answer expected = answer(reference, trial);
      Answer actual;
      try {
        actual = answer(candidate, trial);
      } catch (RuntimeException | LinkageError e) {
        return new Verdict(Optional.of("the self-test failed: " + FallbackBackend.line(e)), false);
      }
      double difference = difference(expected.values(), actual.values());
      if (!(difference <= TOLERANCE)) {
        return against(
            "the self-test found other numbers than those of %s: %s is off by %.1e of the largest"
                .formatted(reference.name(), trial.graph().name(), difference));
      }
      candidateNanos += actual.nanos();
      referenceNanos += expected.nanos();
    }
    if (candidateNanos >= referenceNanos) {
      return against(
          "slower than %s in the self-test: %.3f s, not %.3f s"
              .formatted(reference.name(), candidateNanos / 1e9, referenceNanos / 1e9));
    }
    return new Verdict(Optional.empty(), true);
  }

  private static Verdict against(String reason) {
    return new Verdict(Optional.of(reason), true);
  }

  private static List<Trial> trials() {
    Random random = new Random(SEED);
    PyanNet segmentation =
        new PyanNet(
            16_000,
            10,
            80,
            251,
            10,
            List.of(new Op.Conv1d(60, 5, 1), new Op.Conv1d(60, 5, 1)),
            List.of(new Op.Lstm(64, 1, true)),
            List.of(64),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE);
    WeSpeakerResNet34 embedding = new WeSpeakerResNet34(16_000, 80, 32, List.of(1, 1, 1, 1), 128);
    WeSpeakerResNet34 trunk = new WeSpeakerResNet34(16_000, 80, 32, List.of(1), 128);
    return List.of(
        new Trial(segmentation.graph(SAMPLES), new float[][] {noise(BATCH * SAMPLES, 0.1, random)}),
        new Trial(
            embedding.graph(FBANK_FRAMES, MASKS, MASK_FRAMES),
            new float[][] {
              noise(BATCH * FBANK_FRAMES * 80, 1, random), mask(BATCH * MASKS * MASK_FRAMES, random)
            }),
        new Trial(
            trunk.weighedTrunk(FBANK_FRAMES),
            new float[][] {
              noise(BATCH * FBANK_FRAMES * 80, 1, random), mask(BATCH * FBANK_FRAMES, random)
            }));
  }

  private static float[] mask(int size, Random random) {
    float[] mask = new float[size];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextInt(2);
    }
    return mask;
  }

  private static float[] noise(int size, double scale, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  private static Answer answer(Backend backend, Trial trial) {
    int threads = Runtime.getRuntime().availableProcessors();
    Weights weights = RandomWeights.of(trial.graph(), SEED);
    try (Program program = backend.compile(trial.graph(), weights, new Execution(threads, BATCH))) {
      program.run(BATCH, trial.inputs()); // compiles, places the weights
      long begin = System.nanoTime();
      float[] values = program.run(BATCH, trial.inputs());
      return new Answer(values, System.nanoTime() - begin);
    }
  }

  /** The largest difference, in largest expected values; NaN if there is one among the actual. */
  private static double difference(float[] expected, float[] actual) {
    double largest = 0;
    double difference = actual.length == expected.length ? 0 : Double.NaN;
    for (int i = 0; i < expected.length && !Double.isNaN(difference); i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i])); // NaN stays
    }
    return difference / largest;
  }
}
