package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** 180 windows of 251 samples, every 10, folded in the middle. */
public class WindowFoldBenchmark extends KernelBenchmark {
  private static final int WINDOWS = 180;
  private static final int HALF = 125;
  private static final int STRIDE = 10;
  private static final int APART = PanelProduct.stride(WindowFold.depth(HALF));

  private final float[] folded = new float[2 * WINDOWS * APART];
  private float[] x;

  @Setup
  public void prepare() {
    x = Networks.noise(WINDOWS * STRIDE + 2 * HALF + 1, 1);
    float[] expected = scalar().clone();
    requireSame("WindowFold", expected, vector(), 0);
  }

  private float[] fold(WindowFold fold) {
    fold.fold(WINDOWS, HALF, x, 0, STRIDE, folded, 0, WINDOWS * APART, APART);
    return folded;
  }

  @Benchmark
  public float[] vector() {
    return fold(VECTOR.fold());
  }

  @Benchmark
  public float[] scalar() {
    return fold(SCALAR.fold());
  }
}
