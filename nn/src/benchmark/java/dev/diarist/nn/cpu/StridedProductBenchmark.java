package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** xᵀ·y as a trainer takes it for its weights: 240 columns of x against a panel of y. */
public class StridedProductBenchmark extends KernelBenchmark {
  private static final int GROUPS = 40;
  private static final int COLUMNS = GROUPS * PanelProduct.ROWS;

  /** Rows of x and y, over which the sums run. */
  @Param({"128", "1024"})
  public int depth;

  private final int width = 2 * VECTOR.lanes();
  private final float[] init = new float[COLUMNS * width];
  private final float[] c = new float[COLUMNS * width];
  private float[] x;
  private float[] y;

  @Setup
  public void prepare() {
    x = Networks.noise(depth * COLUMNS, 1);
    y = Networks.noise(depth * width, 2);
    float[] expected = scalar().clone();
    requireSame("StridedProduct", expected, vector(), ROUNDING);
  }

  private float[] multiply(StridedProduct product) {
    product.multiply(2, GROUPS, depth, x, 0, 1, COLUMNS, y, 0, width, init, 0, width, c, 0, width);
    return c;
  }

  @Benchmark
  public float[] vector() {
    return multiply(VECTOR.strided());
  }

  @Benchmark
  public float[] scalar() {
    return multiply(SCALAR.strided());
  }
}
