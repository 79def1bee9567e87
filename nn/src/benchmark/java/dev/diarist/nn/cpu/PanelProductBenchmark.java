package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One panel of weights times 240 rows. */
public class PanelProductBenchmark extends KernelBenchmark {
  private static final int GROUPS = 40;

  /** Channels of the first and the third layer of the trunk; samples under a sinc filter. */
  @Param({"32", "128", "251"})
  public int depth;

  private final int width = 2 * VECTOR.lanes();
  private final float[] c = new float[GROUPS * PanelProduct.ROWS * width];
  private float[] a;
  private float[] panel;
  private float[] bias;

  @Setup
  public void prepare() {
    a = Networks.noise(GROUPS * PanelProduct.ROWS * depth, 1);
    panel = Networks.noise(depth * width, 2);
    bias = Networks.noise(width, 3);
    float[] expected = scalar().clone();
    requireSame("PanelProduct", expected, vector(), ROUNDING);
  }

  private float[] multiply(PanelProduct product) {
    product.multiply(GROUPS, depth, a, 0, depth, panel, 0, bias, 0, 0, c, 0, width);
    return c;
  }

  @Benchmark
  public float[] vector() {
    return multiply(VECTOR.product());
  }

  @Benchmark
  public float[] scalar() {
    return multiply(SCALAR.product());
  }
}
