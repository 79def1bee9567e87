package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** What a trainer does to single values, 65,536 of them. */
public class ElementKernelsBenchmark extends KernelBenchmark {
  private static final int ROWS = 1024;
  private static final int COLUMNS = 64;
  private static final int COUNT = ROWS * COLUMNS;
  private static final float SLOPE = 0.01f;

  private final float[] to = new float[COUNT];
  private float[] x;
  private float[] gradient;
  private float[] sum;

  @Setup
  public void prepare() {
    x = Networks.noise(COUNT, 1);
    gradient = Networks.noise(COUNT, 2);
    float[] expected = rectifyScalar().clone();
    requireSame("rectify", expected, rectifyVector(), 0);
    expected = rectifyGradientScalar().clone();
    gradient = Networks.noise(COUNT, 2);
    requireSame("rectifyGradient", expected, rectifyGradientVector(), 0);
    sum = Networks.noise(COUNT, 3);
    expected = addRowsScalar().clone();
    sum = Networks.noise(COUNT, 3);
    requireSame("addRows", expected, addRowsVector(), 0);
  }

  private float[] rectify(ElementKernels kernels) {
    kernels.rectify(SLOPE, x, to, 0, COUNT);
    return to;
  }

  /** Changes its input, which the sign of x alone decides how. */
  private float[] rectifyGradient(ElementKernels kernels) {
    kernels.rectifyGradient(SLOPE, x, gradient, 0, COUNT);
    return gradient;
  }

  private float[] addRows(ElementKernels kernels) {
    kernels.addRows(ROWS, COLUMNS, x, 0, COLUMNS, sum, 0, COLUMNS);
    return sum;
  }

  @Benchmark
  public float[] rectifyVector() {
    return rectify(VECTOR.elements());
  }

  @Benchmark
  public float[] rectifyScalar() {
    return rectify(SCALAR.elements());
  }

  @Benchmark
  public float[] rectifyGradientVector() {
    return rectifyGradient(VECTOR.elements());
  }

  @Benchmark
  public float[] rectifyGradientScalar() {
    return rectifyGradient(SCALAR.elements());
  }

  @Benchmark
  public float[] addRowsVector() {
    return addRows(VECTOR.elements());
  }

  @Benchmark
  public float[] addRowsScalar() {
    return addRows(SCALAR.elements());
  }
}
