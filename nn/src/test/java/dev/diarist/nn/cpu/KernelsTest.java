package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.WinogradTransforms;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each vector kernel of each width against the plain loops. */
class KernelsTest {
  /** Rounding of sums of up to 251 products of values near 1, in another order or with fma. */
  private static final float SUM = 2e-5f;

  /** Rounding of the three factors of a Winograd transform. */
  private static final float TRANSFORM = 2e-5f;

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void everyWidthHasItsOwnKernels(int lanes) {
    Kernels kernels = Kernels.ofLanes(lanes);
    assertEquals(lanes, kernels.lanes());
    assertTrue(kernels.product().getClass().getName().contains("VectorPanelProduct"));
  }

  @Test
  void aWidthThatDoesNotExistIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Kernels.ofLanes(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void productMatchesPlainLoops(int lanes) {
    Kernels vector = Kernels.ofLanes(lanes);
    Kernels scalar = Kernels.scalar(lanes);
    for (int depth : new int[] {1, 2, 7, 16, 33, 251}) {
      for (int groups : new int[] {1, 2, 5}) {
        for (int overlap : new int[] {0, 3}) { // rows that begin within one another
          int rows = groups * PanelProduct.ROWS;
          int aStride = overlap == 0 ? depth + 2 : overlap;
          int cStride = 2 * lanes + 5;
          float[] a = Networks.noise(3 + rows * (depth + 2), depth);
          float[] panels = Networks.noise(7 + depth * 2 * lanes, depth + 1);
          float[] init = Networks.noise(1 + rows * cStride, depth + 2);
          for (int initStride : new int[] {0, cStride}) {
            float[] expected = Networks.noise(4 + rows * cStride, 9);
            float[] actual = expected.clone();
            scalar
                .product()
                .multiply(
                    groups,
                    depth,
                    a,
                    3,
                    aStride,
                    panels,
                    7,
                    init,
                    1,
                    initStride,
                    expected,
                    4,
                    cStride);
            vector
                .product()
                .multiply(
                    groups,
                    depth,
                    a,
                    3,
                    aStride,
                    panels,
                    7,
                    init,
                    1,
                    initStride,
                    actual,
                    4,
                    cStride);
            assertArrayEquals(expected, actual, SUM * (float) Math.sqrt(depth));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void rowsThatLieApartGiveTheBitsOfRowsBesideEachOther(int lanes) {
    PanelProduct product = Kernels.ofLanes(lanes).product();
    int width = 2 * lanes;
    for (int stride : new int[] {16, 64, 128, PanelProduct.APART}) {
      for (int depth : new int[] {2, 16, 70, 150}) {
        for (int groups : new int[] {1, 2, 3, 4, 9, 17}) {
          int rows = groups * PanelProduct.ROWS;
          int odd = stride + 1; // at this distance no row lies APART from another
          int values = Math.min(depth, stride);
          float[] panels = Networks.noise(values * width, 1);
          float[] a = Networks.noise(5 + rows * odd, 2);
          float[] packed = new float[5 + rows * stride];
          for (int r = 0; r < rows; r++) {
            System.arraycopy(a, 5 + r * odd, packed, 5 + r * stride, stride);
          }
          float[] init = Networks.noise(rows * width, 3);
          for (int initStride : new int[] {0, width}) {
            float[] beside = new float[rows * width];
            float[] apart = new float[rows * width];
            product.multiply(
                groups, values, a, 5, odd, panels, 0, init, 0, initStride, beside, 0, width);
            product.multiply(
                groups, values, packed, 5, stride, panels, 0, init, 0, initStride, apart, 0, width);
            assertArrayEquals(beside, apart, 0);
          }
        }
      }
    }
  }

  @Test
  void plainLoopsMultiplyMatrices() {
    // (6 × 2) · (2 × 2·L), all columns alike
    float[] a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    float[] panel = new float[16];
    Arrays.fill(panel, 0, 8, 10);
    Arrays.fill(panel, 8, 16, 1);
    float[] bias = new float[8];
    Arrays.fill(bias, 0.5f);
    float[] c = new float[48];
    Kernels.scalar(4).product().multiply(1, 2, a, 0, 2, panel, 0, bias, 0, 0, c, 0, 8);
    for (int r = 0; r < 6; r++) {
      assertEquals(10 * a[2 * r] + a[2 * r + 1] + 0.5f, c[r * 8 + 3]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void stridedProductMatchesPlainLoops(int lanes) {
    StridedProduct vector = Kernels.ofLanes(lanes).strided();
    StridedProduct scalar = Kernels.scalar(lanes).strided();
    int groups = 3;
    int rows = groups * PanelProduct.ROWS;
    for (int vectors = 1; vectors <= 2; vectors++) {
      for (int depth : new int[] {1, 7, 64, 131}) {
        for (boolean transposed : new boolean[] {false, true}) {
          int aRow = transposed ? 1 : depth + 3;
          int aDepth = transposed ? rows + 2 : 1;
          int bStride = 2 * lanes + 1;
          int cStride = 2 * lanes + 5;
          float[] a = Networks.noise(3 + (rows + 2) * (depth + 3), depth);
          float[] b = Networks.noise(7 + depth * bStride, depth + 1);
          float[] init = Networks.noise(1 + rows * cStride, depth + 2);
          for (int initStride : new int[] {0, cStride}) {
            float[] expected =
                Networks.noise(4 + rows * cStride, 9); // what lies between rows must stay
            float[] actual = expected.clone();
            scalar.multiply(
                vectors,
                groups,
                depth,
                a,
                3,
                aRow,
                aDepth,
                b,
                7,
                bStride,
                init,
                1,
                initStride,
                expected,
                4,
                cStride);
            vector.multiply(
                vectors,
                groups,
                depth,
                a,
                3,
                aRow,
                aDepth,
                b,
                7,
                bStride,
                init,
                1,
                initStride,
                actual,
                4,
                cStride);
            assertArrayEquals(expected, actual, SUM);
          }
        }
      }
    }
  }

  @Test
  void plainLoopsMultiplyATransposedMatrix() {
    float[] a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; // (2 × 6), read as (6 × 2)
    float[] b = {10, 0, 0, 0, 1, 0, 0, 0}; // (2 × 4)
    float[] c = new float[24];
    new ScalarStridedProduct(4).multiply(1, 1, 2, a, 0, 1, 6, b, 0, 4, new float[4], 0, 0, c, 0, 4);
    for (int r = 0; r < 6; r++) {
      assertEquals(10 * a[r] + a[6 + r], c[4 * r]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void winogradGradientMatchesPlainLoops(int lanes) {
    int tiles = 3;
    int channels = 2 * lanes;
    int row = (4 * tiles + 1) * channels;
    int plane = tiles * channels + 5;
    float[] g = Networks.noise(5 * row, 1);
    float[] strip = new float[WinogradTransforms.gradientStrip(tiles, channels)];
    float[] expected = new float[2 + 36 * plane];
    float[] actual = new float[2 + 36 * plane];
    WinogradTransforms scalar = Kernels.scalar(lanes).winograd();
    scalar.gradient(tiles, channels, g, channels, row, expected, 2, plane, strip);
    WinogradTransforms vector = Kernels.ofLanes(lanes).winograd();
    vector.gradient(tiles, channels, g, channels, row, actual, 2, plane, strip);
    assertArrayEquals(expected, actual, 20 * TRANSFORM);
  }

  /** ⟨output(m), g⟩ = ⟨m, gradient(g)⟩. */
  @Test
  void winogradGradientIsTheTransposeOfTheOutput() {
    ScalarWinograd winograd = new ScalarWinograd(1);
    float[] m = Networks.noise(36, 1);
    float[] g = Networks.noise(16, 2);
    float[] y = new float[16];
    float[] strip = new float[WinogradTransforms.outputStrip(1, 1)];
    winograd.output(1, 1, m, 0, 1, 1, new float[1], 0, null, false, y, 0, 1, 4, 4, strip);
    float[] byM = new float[36];
    float[] other = new float[WinogradTransforms.gradientStrip(1, 1)];
    winograd.gradient(1, 1, g, 0, 4, byM, 0, 1, other);
    assertEquals(dot(y, g), dot(m, byM), 1e-4);
  }

  /** ⟨kernel(g), u⟩ = ⟨g, kernelGradient(u)⟩. */
  @Test
  void winogradKernelGradientIsTheTransposeOfTheKernel() {
    float[] g = Networks.noise(9, 1);
    double[] transformed = new double[36];
    WinogradTransforms.kernel(g, 0, transformed);
    double[] u = new Random(2).doubles(36).toArray();
    double[] byKernel = WinogradTransforms.kernelGradient(u);
    double expected = 0;
    for (int p = 0; p < 36; p++) {
      expected += transformed[p] * u[p];
    }
    double actual = 0;
    for (int k = 0; k < 9; k++) {
      actual += g[k] * byKernel[k];
    }
    assertEquals(expected, actual, 1e-12);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void winogradTransformsMatchPlainLoops(int lanes) {
    int tiles = 2;
    int channels = 3 * lanes;
    int width = 4 * lanes; // one block of columns is not part of the image
    int row = (4 * tiles + 3) * channels;
    int plane = tiles * width + 5;
    float[] x = Networks.noise(8 * row, 1);
    float[] strip = new float[WinogradTransforms.inputStrip(tiles, width)];
    float[] expected = new float[2 + 36 * plane];
    float[] actual = new float[2 + 36 * plane];
    WinogradTransforms scalar = Kernels.scalar(lanes).winograd();
    WinogradTransforms vector = Kernels.ofLanes(lanes).winograd();
    scalar.input(tiles, channels, x, channels, row, expected, 2, plane, strip);
    vector.input(tiles, channels, x, channels, row, actual, 2, plane, strip);
    assertArrayEquals(expected, actual, TRANSFORM);

    float[] m = Networks.noise(2 + 36 * plane, 9);
    float[] bias = Networks.noise(3 + channels, 2);
    int pixel = channels + lanes; // one block of channels belongs to another panel
    row = (4 * tiles + 3) * pixel;
    for (float[] residual : new float[][] {null, Networks.noise(8 * row, 3)}) {
      for (boolean relu : new boolean[] {false, true}) {
        for (int rows = 1; rows <= 4; rows++) {
          float[] y = Networks.noise(8 * row, 4); // what is outside the tiles must stay
          float[] z = y.clone();
          scalar.output(
              tiles, channels, m, 2, width, plane, bias, 3, residual, relu, y, pixel, pixel, row,
              rows, strip);
          vector.output(
              tiles, channels, m, 2, width, plane, bias, 3, residual, relu, z, pixel, pixel, row,
              rows, strip);
          assertArrayEquals(y, z, 20 * TRANSFORM);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void rowsOfImagesAreFinishedAsInPlainLoops(int lanes) {
    int channels = 2 * lanes;
    int width = 3 * lanes;
    int pixel = 5 * lanes;
    float[] sums = Networks.noise(1 + 7 * width, 1);
    sums[1 + 2 * width] = Float.NaN;
    for (float[] residual : new float[][] {null, Networks.noise(2 + 7 * pixel, 2)}) {
      for (boolean relu : new boolean[] {false, true}) {
        float[] expected = Networks.noise(2 + 7 * pixel, 3); // what lies between the rows must stay
        float[] actual = expected.clone();
        Kernels.scalar(lanes)
            .finish()
            .image(7, channels, sums, 1, width, residual, relu, expected, 2, pixel);
        Kernels.ofLanes(lanes)
            .finish()
            .image(7, channels, sums, 1, width, residual, relu, actual, 2, pixel);
        assertArrayEquals(expected, actual);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void rowsArePooledAsInPlainLoopsWhenTheColumnsAreNoMultipleOfTheLanes(int lanes) {
    int columns = 3 * lanes + 3;
    int width = 4 * lanes;
    float[] x = Networks.noise(1 + 12 * width, 1);
    x[1 + width] = Float.NaN;
    for (int pool : new int[] {1, 3}) {
      for (boolean abs : new boolean[] {false, true}) {
        for (float slope : new float[] {0, 0.01f, 1}) {
          float[] expected = Networks.noise(3 + 12 / pool * (columns + 2), 2);
          float[] actual = expected.clone();
          Kernels.scalar(lanes)
              .finish()
              .pool(12 / pool, columns, pool, abs, slope, x, 1, width, expected, 3, columns + 2);
          Kernels.ofLanes(lanes)
              .finish()
              .pool(12 / pool, columns, pool, abs, slope, x, 1, width, actual, 3, columns + 2);
          assertArrayEquals(expected, actual);
        }
      }
    }
  }

  @Test
  void rowsArePutAtDistancesThatMakeTheFastestOne() {
    int[] depths = {1, 2, 60, 64, 126, 256, 257};
    int[] strides = Arrays.stream(depths).map(PanelProduct::stride).toArray();
    assertArrayEquals(new int[] {1, 2, 64, 64, 128, 256, 257}, strides);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void elementsAreTreatedAsInPlainLoopsWhenTheyAreNoMultipleOfTheLanes(int lanes) {
    ElementKernels scalar = Kernels.scalar(lanes).elements();
    ElementKernels vector = Kernels.ofLanes(lanes).elements();
    int count = 3 * lanes + 3;
    float[] x = Networks.noise(count + 4, 1);
    x[3] = Float.NaN;
    x[4] = -0f;
    for (float slope : new float[] {0, 0.01f}) {
      float[] expected = Networks.noise(count + 4, 2);
      float[] actual = expected.clone();
      scalar.rectify(slope, x, expected, 2, count);
      vector.rectify(slope, x, actual, 2, count);
      assertArrayEquals(expected, actual);
      scalar.rectifyGradient(slope, x, expected, 2, count);
      vector.rectifyGradient(slope, x, actual, 2, count);
      assertArrayEquals(expected, actual);
    }
    float[] rows = Networks.noise(1 + 5 * (count + 2), 3);
    float[] expected = Networks.noise(2 + 5 * count, 4);
    float[] actual = expected.clone();
    int step = count / 2; // rows of the sum overlap
    scalar.addRows(5, count, rows, 1, count + 2, expected, 2, step);
    vector.addRows(5, count, rows, 1, count + 2, actual, 2, step);
    assertArrayEquals(expected, actual);
    assertEquals(2f, sum(vector, new float[] {1}, new float[] {1}));
  }

  private static float sum(ElementKernels kernels, float[] x, float[] y) {
    kernels.addRows(1, 1, x, 0, 1, y, 0, 1);
    return y[0];
  }

  @Test
  void aPooledValueIsTheLargestSizeMultipliedWhereItIsNegative() {
    float[] x = {1, -5, -2, -3, 4, -6};
    float[] y = new float[2];
    new ScalarRowFinish().pool(1, 2, 3, true, 0.5f, x, 0, 2, y, 0, 2);
    assertArrayEquals(new float[] {4, 6}, y);
    new ScalarRowFinish().pool(1, 2, 3, false, 0.5f, x, 0, 2, y, 0, 2);
    assertArrayEquals(new float[] {4, -1.5f}, y);
  }

  @Test
  void winogradConvolvesATile() {
    float[] image = Networks.noise(36, 5);
    float[] kernel = Networks.noise(9, 6);
    double[] u = new double[36];
    WinogradTransforms.kernel(kernel, 0, u);
    float[] v = new float[36];
    ScalarWinograd winograd = new ScalarWinograd(1);
    float[] strip = new float[WinogradTransforms.inputStrip(1, 1)];
    winograd.input(1, 1, image, 0, 6, v, 0, 1, strip);
    for (int p = 0; p < 36; p++) {
      v[p] *= (float) u[p];
    }
    float[] y = new float[16];
    winograd.output(1, 1, v, 0, 1, 1, new float[1], 0, null, false, y, 0, 1, 4, 4, strip);
    for (int i = 0; i < 16; i++) {
      double expected = 0;
      for (int k = 0; k < 9; k++) {
        expected += kernel[k] * image[(i / 4 + k / 3) * 6 + i % 4 + k % 3];
      }
      assertEquals(expected, y[i], 1e-5);
    }
  }

  private static float[] sweep() {
    float[] x = new float[16 * 1001];
    for (int i = 0; i < x.length; i++) {
      x[i] = -20 + 40f * i / x.length;
    }
    x[5] = Float.NEGATIVE_INFINITY;
    x[6] = Float.POSITIVE_INFINITY;
    x[7] = 0;
    x[8] = Float.NaN;
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 16})
  void tanhIsTanh(int lanes) {
    float[] x = sweep();
    float[] y = x.clone();
    Kernels.ofLanes(lanes).cell().tanh(y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      assertEquals(Math.tanh(x[i]), y[i], 2e-7, "tanh of " + x[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 16})
  void sigmoidIsSigmoid(int lanes) {
    float[] x = sweep();
    float[] y = x.clone();
    Kernels.ofLanes(lanes).cell().sigmoid(y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      assertEquals(1 / (1 + Math.exp(-x[i])), y[i], 1.1e-7, "sigmoid of " + x[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 16})
  void aStepFollowsTheEquations(int lanes) {
    int rows = 3;
    int hidden = 48;
    float[] gates = Networks.noise(rows * 4 * hidden, 7);
    float[] before = gates.clone();
    float[] c = Networks.noise(rows * hidden, 8);
    float[] cBefore = c.clone();
    float[] h = new float[rows * hidden];
    Kernels.ofLanes(lanes).cell().step(rows, hidden, gates, c, h);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < hidden; j++) {
        int at = r * 4 * hidden + j;
        double in = 1 / (1 + Math.exp(-before[at]));
        double forget = 1 / (1 + Math.exp(-before[at + hidden]));
        double out = 1 / (1 + Math.exp(-before[at + 2 * hidden]));
        double cell = forget * cBefore[r * hidden + j] + in * Math.tanh(before[at + 3 * hidden]);
        assertEquals(cell, c[r * hidden + j], 1e-6);
        assertEquals(out * Math.tanh(cell), h[r * hidden + j], 1e-6);
      }
    }
  }
}
