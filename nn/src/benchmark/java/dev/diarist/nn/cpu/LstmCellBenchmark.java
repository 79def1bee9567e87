package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** The pointwise half of an LSTM step, six rows of 128 cells; the gates are copied each time. */
public class LstmCellBenchmark extends KernelBenchmark {
  private static final int ROWS = PanelProduct.ROWS;
  private static final int HIDDEN = 128;

  private final float[] noise = Networks.noise(ROWS * 4 * HIDDEN, 1);
  private final float[] before = Networks.noise(ROWS * HIDDEN, 2);
  private final float[] gates = noise.clone();
  private final float[] c = before.clone();
  private final float[] h = new float[ROWS * HIDDEN];

  @Setup
  public void prepare() {
    float[] expected = scalar().clone();
    requireSame("LstmCell", expected, vector(), ROUNDING);
  }

  private float[] step(LstmCell cell) {
    System.arraycopy(noise, 0, gates, 0, noise.length);
    System.arraycopy(before, 0, c, 0, before.length);
    cell.step(ROWS, HIDDEN, gates, c, h);
    return h;
  }

  @Benchmark
  public float[] vector() {
    return step(VECTOR.cell());
  }

  @Benchmark
  public float[] scalar() {
    return step(SCALAR.cell());
  }
}
