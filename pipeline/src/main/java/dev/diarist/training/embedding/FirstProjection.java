package dev.diarist.training.embedding;

import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.train.Parameters;

/**
 * Where the last layer of a training begins: at what linear discriminant analysis finds in the
 * features of an untrained trunk, rather than at random. The centres of the loss begin at the means
 * of the voices. Angles then part voices from the first step on, and the trunk is taught at once
 * what it lacks; from random weights thousands of steps pass before.
 *
 * <p>Letters: {@code N} embeddings, {@code D} their size, {@code V} voices.
 */
final class FirstProjection {
  private static final double SHRINKAGE = 0.1;

  private static final String LAYER = "resnet.seg_1";
  private static final String NORM = WeSpeakerResNet34.TRAINING_NORM;

  private FirstProjection() {}

  /**
   * Sets the last layer, its norm and the centres. The norm gives direction d of the analysis the
   * deviation √(b/(1 + b)), with b the scatter between voices over that within: what does not part
   * voices keeps small.
   *
   * @param parameters of the network with its norm, and of the loss; modified
   * @param centres name of the centres, (V, D)
   * @param embeddings (N, D) that the network gave, whose last layer and norm are as at its making
   * @param voices (N)
   */
  static void fit(Parameters parameters, String centres, double[][] embeddings, int[] voices) {
    int dimension = embeddings[0].length;
    float[] weight = parameters.get(LAYER + ".weight").value();
    float[] bias = parameters.get(LAYER + ".bias").value();
    var norm =
        new EmbeddingNorm(
            parameters.get(NORM + ".running_mean").value(),
            parameters.get(NORM + ".running_var").value(),
            parameters.get(NORM + ".weight").value(),
            parameters.get(NORM + ".bias").value());
    norm.join(weight, bias);
    var analysis = DiscriminantAnalysis.fit(embeddings, voices, SHRINKAGE, dimension);
    var layer = analysis.joined(weight, bias);
    System.arraycopy(layer.weight(), 0, weight, 0, weight.length);
    System.arraycopy(layer.bias(), 0, bias, 0, bias.length);

    double[][] projected = new double[embeddings.length][];
    double[] variance = new double[dimension];
    for (int i = 0; i < embeddings.length; i++) {
      projected[i] = analysis.apply(embeddings[i]); // of mean 0
      for (int d = 0; d < dimension; d++) {
        variance[d] += projected[i][d] * projected[i][d] / embeddings.length;
      }
    }
    double[] scale = new double[dimension];
    for (int d = 0; d < dimension; d++) {
      double between = Math.max(0, variance[d] - 1);
      norm.mean()[d] = 0;
      norm.variance()[d] = (float) variance[d];
      norm.weight()[d] = (float) Math.sqrt(between / (1 + between));
      norm.bias()[d] = 0;
      scale[d] = norm.weight()[d] / Math.sqrt(variance[d]);
    }
    centre(parameters.get(centres).value(), projected, scale, voices);
  }

  /** The mean direction of each voice that was heard; others stay where they are. */
  private static void centre(float[] centres, double[][] projected, double[] scale, int[] voices) {
    int dimension = scale.length;
    int count = centres.length / dimension;
    double[][] sums = new double[count][dimension];
    int[] heard = new int[count];
    for (int i = 0; i < projected.length; i++) {
      heard[voices[i]]++;
      for (int d = 0; d < dimension; d++) {
        sums[voices[i]][d] += scale[d] * projected[i][d];
      }
    }
    for (int v = 0; v < count; v++) {
      double square = 0;
      for (double sum : sums[v]) {
        square += sum * sum;
      }
      for (int d = 0; d < dimension && square > 0; d++) {
        centres[v * dimension + d] = (float) (sums[v][d] / Math.sqrt(square));
      }
    }
  }
}
