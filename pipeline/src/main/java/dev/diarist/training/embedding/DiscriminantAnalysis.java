package dev.diarist.training.embedding;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.DiagonalMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Linear discriminant analysis: the linear map after which embeddings of one voice scatter the same
 * in every direction, and of which only the directions are kept in which voices differ most.
 *
 * <pre>
 * y = A·(x − mean)      A = Vᵀ·W      W = S_w^(−1/2)
 * S_w = (1 − shrinkage)·(scatter within voices) + shrinkage·(its mean variance)·I
 * V   = first eigenvectors of W·S_b·W, S_b the scatter of the means of the voices
 * </pre>
 *
 * Source: Fisher, 1936; Ledoit and Wolf, 2004, for the shrinkage.
 *
 * @param map A, (kept, D)
 * @param mean (D)
 */
record DiscriminantAnalysis(double[][] map, double[] mean) {

  /**
   * @param embeddings (N, D), not modified
   * @param voices (N): the number of the voice of each, from 0
   * @param kept directions
   */
  static DiscriminantAnalysis fit(double[][] embeddings, int[] voices, double shrinkage, int kept) {
    int dimension = embeddings[0].length;
    int count = Arrays.stream(voices).max().orElseThrow() + 1;
    double[] mean = new double[dimension];
    double[][] means = new double[count][dimension];
    int[] heard = new int[count];
    for (int i = 0; i < voices.length; i++) {
      heard[voices[i]]++;
      for (int d = 0; d < dimension; d++) {
        mean[d] += embeddings[i][d] / voices.length;
        means[voices[i]][d] += embeddings[i][d];
      }
    }
    for (int v = 0; v < count; v++) {
      for (int d = 0; d < dimension; d++) {
        means[v][d] /= Math.max(1, heard[v]);
      }
    }
    double[][] within = new double[dimension][dimension];
    for (int i = 0; i < voices.length; i++) {
      addSquare(within, embeddings[i], means[voices[i]], 1.0 / voices.length);
    }
    double[][] between = new double[dimension][dimension];
    for (int v = 0; v < count; v++) {
      addSquare(between, means[v], mean, (double) heard[v] / voices.length);
    }
    shrink(within, shrinkage);
    SingularValueDecomposition scatter = decomposed(within);
    double[] scales = scatter.getSingularValues();
    for (int d = 0; d < dimension; d++) {
      scales[d] = 1 / Math.sqrt(scales[d]);
    }
    RealMatrix whitening =
        scatter.getU().multiply(new DiagonalMatrix(scales)).multiply(scatter.getUT());
    RealMatrix whitened = whitening.multiply(new Array2DRowRealMatrix(between)).multiply(whitening);
    RealMatrix directions =
        decomposed(whitened.getData()).getU().getSubMatrix(0, dimension - 1, 0, kept - 1);
    return new DiscriminantAnalysis(directions.transpose().multiply(whitening).getData(), mean);
  }

  /**
   * The eigenvectors of a symmetric matrix without negative eigenvalues, the largest first: its
   * singular vectors, which are found where an iteration for eigenvalues near 0 does not end.
   */
  private static SingularValueDecomposition decomposed(double[][] matrix) {
    return new SingularValueDecomposition(new Array2DRowRealMatrix(matrix));
  }

  /** sum += weight · (x − y)·(x − y)ᵀ. */
  private static void addSquare(double[][] sum, double[] x, double[] y, double weight) {
    for (int r = 0; r < x.length; r++) {
      double scaled = weight * (x[r] - y[r]);
      for (int c = 0; c < x.length; c++) {
        sum[r][c] += scaled * (x[c] - y[c]);
      }
    }
  }

  private static void shrink(double[][] scatter, double shrinkage) {
    double variance = 0;
    for (int d = 0; d < scatter.length; d++) {
      variance += scatter[d][d] / scatter.length;
    }
    for (int r = 0; r < scatter.length; r++) {
      for (int c = 0; c < scatter.length; c++) {
        scatter[r][c] *= 1 - shrinkage;
      }
      scatter[r][r] += shrinkage * variance;
    }
  }

  /** y of one embedding. */
  double[] apply(double[] embedding) {
    double[] y = new double[map.length];
    for (int r = 0; r < map.length; r++) {
      for (int d = 0; d < embedding.length; d++) {
        y[r] += map[r][d] * (embedding[d] - mean[d]);
      }
    }
    return y;
  }

  /**
   * The linear layer that gives y where one of these weights gave x.
   *
   * @param weight (D, I), not modified
   * @param bias (D), not modified
   */
  Layer joined(float[] weight, float[] bias) {
    int inputs = weight.length / bias.length;
    float[] joined = new float[map.length * inputs];
    float[] shift = new float[map.length];
    for (int r = 0; r < map.length; r++) {
      double constant = 0;
      double[] row = new double[inputs];
      for (int d = 0; d < bias.length; d++) {
        constant += map[r][d] * (bias[d] - mean[d]);
        for (int i = 0; i < inputs; i++) {
          row[i] += map[r][d] * weight[d * inputs + i];
        }
      }
      shift[r] = (float) constant;
      for (int i = 0; i < inputs; i++) {
        joined[r * inputs + i] = (float) row[i];
      }
    }
    return new Layer(joined, shift);
  }

  /**
   * @param weight (kept, I)
   * @param bias (kept)
   */
  record Layer(float[] weight, float[] bias) {}
}
