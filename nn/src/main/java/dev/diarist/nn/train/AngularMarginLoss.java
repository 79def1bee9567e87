package dev.diarist.nn.train;

import dev.diarist.nn.graph.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Additive angular margin softmax over speakers with sub-centres. With θ the angle between an
 * embedding and the nearest of the K centres of a speaker, y the true speaker, m the margin and s
 * the scale:
 *
 * <pre>
 * φ    = cos(θ_y + m)                      where θ_y + m ≤ π
 *      = cos θ_y − m·sin(π − m)            beyond
 * loss = −ln( exp(s·φ) / (exp(s·φ) + Σ_{j≠y} exp(s·cos θ_j)) )
 * </pre>
 *
 * Source: Deng et al., "ArcFace", 2019, and "Sub-center ArcFace", 2020.
 *
 * <p>Letters: {@code B} embeddings, {@code D} their size, {@code N} speakers, {@code K} centres of
 * each.
 */
public final class AngularMarginLoss {
  /**
   * The length below which a vector is not divided by it. Source: torch.nn.functional.normalize.
   */
  private static final double SHORTEST = 1e-12;

  /** The sine below which the slope of φ is no longer followed: it is infinite at 0. */
  private static final double SMALLEST_SINE = 1e-6;

  private final int speakers;
  private final int centres;
  private final int dimension;
  private final double scale;
  private final Parameter weight;

  /**
   * @param centres K; 1 gives ArcFace as it was first described
   * @param scale s
   * @param seed of the centres, which are drawn evenly from a cube
   */
  public AngularMarginLoss(int speakers, int centres, int dimension, double scale, long seed) {
    if (speakers < 2 || centres < 1 || dimension < 1) {
      throw new IllegalArgumentException(
          "at least 2 speakers, 1 centre and 1 dimension are needed, got %d, %d and %d"
              .formatted(speakers, centres, dimension));
    }
    this.speakers = speakers;
    this.centres = centres;
    this.dimension = dimension;
    this.scale = scale;
    float[] values = new float[speakers * centres * dimension];
    SplittableRandom random = new SplittableRandom(seed);
    double bound = Math.sqrt(6.0 / (speakers * centres + dimension)); // Glorot and Bengio, 2010
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    weight = Parameter.learned("loss.weight", Shape.of(speakers * centres, dimension), values);
  }

  /** The centres, (N · K, D): the K of a speaker one after the other. */
  public Parameters parameters() {
    return Parameters.of(List.of(weight));
  }

  /**
   * The loss; adds to the gradient of the centres.
   *
   * @param embeddings (B, D), not modified
   * @param labels (B): the number of the speaker of each; not modified
   * @param margin m, in radians; 0 gives a softmax over cosines
   */
  public LossValue of(float[] embeddings, int[] labels, double margin) {
    int batch = labels.length;
    if (embeddings.length != batch * dimension) {
      throw new IllegalArgumentException(
          "embeddings must be (%d, %d), got %d values"
              .formatted(batch, dimension, embeddings.length));
    }
    double[] lengths = lengths(weight.value(), speakers * centres);
    double[] own = lengths(embeddings, batch);
    float[] gradient = new float[embeddings.length];
    double total = 0;
    for (int b = 0; b < batch; b++) {
      total += one(embeddings, b, own[b], labels[b], margin, lengths, batch, gradient);
    }
    return new LossValue(total / batch, gradient);
  }

  private double[] lengths(float[] rows, int count) {
    double[] lengths = new double[count];
    for (int r = 0; r < count; r++) {
      double sum = 0;
      for (int d = 0; d < dimension; d++) {
        sum += (double) rows[r * dimension + d] * rows[r * dimension + d];
      }
      lengths[r] = Math.max(SHORTEST, Math.sqrt(sum));
    }
    return lengths;
  }

  /** The loss of one embedding; its share of the gradients is divided by the batch. */
  private double one(
      float[] x,
      int b,
      double length,
      int label,
      double margin,
      double[] lengths,
      int batch,
      float[] gradient) {
    int row = b * dimension; // x[b,:]
    double[] cosines = new double[speakers];
    int[] nearest = new int[speakers];
    for (int j = 0; j < speakers; j++) {
      cosines[j] = Double.NEGATIVE_INFINITY;
      for (int c = j * centres; c < (j + 1) * centres; c++) {
        double cosine = dot(x, row, weight.value(), c * dimension) / (length * lengths[c]);
        if (cosine > cosines[j]) {
          cosines[j] = cosine;
          nearest[j] = c;
        }
      }
    }
    double cosine = cosines[label];
    boolean within = cosine > Math.cos(Math.PI - margin);
    double sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
    double phi =
        within
            ? cosine * Math.cos(margin) - sine * Math.sin(margin)
            : cosine - margin * Math.sin(Math.PI - margin);
    double slope =
        within && margin != 0
            ? Math.cos(margin) + cosine * Math.sin(margin) / Math.max(SMALLEST_SINE, sine)
            : 1;
    double[] logits = new double[speakers];
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < speakers; j++) {
      logits[j] = scale * (j == label ? phi : cosines[j]);
      largest = Math.max(largest, logits[j]);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - largest);
    }
    double logarithm = largest + Math.log(sum);
    for (int j = 0; j < speakers; j++) {
      double byLogit = (Math.exp(logits[j] - logarithm) - (j == label ? 1 : 0)) / batch;
      double byCosine = byLogit * scale * (j == label ? slope : 1);
      int centre = nearest[j];
      add(byCosine, cosines[j], x, row, length, centre, lengths[centre], gradient);
    }
    return logarithm - logits[label];
  }

  /** ∂cos/∂x = (ŵ − cos·x̂)/|x| and ∂cos/∂w = (x̂ − cos·ŵ)/|w|. */
  private void add(
      double by,
      double cosine,
      float[] x,
      int row,
      double length,
      int centre,
      double centreLength,
      float[] gradient) {
    float[] w = weight.value();
    float[] byWeight = weight.gradient();
    int at = centre * dimension; // w[centre,:]
    boolean trained = weight.trainable();
    for (int d = 0; d < dimension; d++) {
      double unit = x[row + d] / length;
      double centreUnit = w[at + d] / centreLength;
      gradient[row + d] += (float) (by * (centreUnit - cosine * unit) / length);
      if (trained) {
        byWeight[at + d] += (float) (by * (unit - cosine * centreUnit) / centreLength);
      }
    }
  }

  private double dot(float[] x, int row, float[] w, int at) {
    double sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += (double) x[row + d] * w[at + d];
    }
    return sum;
  }
}
