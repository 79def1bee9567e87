package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One panel of weights times 240 rows: rows that lie apart as the compiler knows, rows beside each
 * other, and plain loops.
 */
public class PanelProductBenchmark extends KernelBenchmark {
  private static final int GROUPS = 40;

  /**
   * Channels of the first and the third layer of the trunk; a folded window of the sinc filters.
   */
  @Param({"32", "128", "126"})
  public int depth;

  private final int width = 2 * VECTOR.lanes();
  private final float[] c = new float[GROUPS * PanelProduct.ROWS * width];
  private float[] a;
  private float[] put;
  private float[] panel;
  private float[] bias;

  @Setup
  public void prepare() {
    int rows = GROUPS * PanelProduct.ROWS;
    int stride = PanelProduct.stride(depth);
    a = Networks.noise(rows * beside(), 1);
    put = new float[rows * stride];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(a, r * beside(), put, r * stride, depth);
    }
    panel = Networks.noise(depth * width, 2);
    bias = Networks.noise(width, 3);
    float[] expected = scalar().clone();
    requireSame("PanelProduct", expected, vectorBeside(), ROUNDING);
    expected = vectorBeside().clone();
    requireSame("rows that lie apart", expected, vectorApart(), 0);
  }

  /** Floats from one row to the next where they lie beside each other: at no power of two. */
  private int beside() {
    return depth + 1;
  }

  private float[] multiply(PanelProduct product, float[] rows, int stride) {
    product.multiply(GROUPS, depth, rows, 0, stride, panel, 0, bias, 0, 0, c, 0, width);
    return c;
  }

  @Benchmark
  public float[] vectorApart() {
    return multiply(VECTOR.product(), put, PanelProduct.stride(depth));
  }

  @Benchmark
  public float[] vectorBeside() {
    return multiply(VECTOR.product(), a, beside());
  }

  @Benchmark
  public float[] scalar() {
    return multiply(SCALAR.product(), a, beside());
  }
}
