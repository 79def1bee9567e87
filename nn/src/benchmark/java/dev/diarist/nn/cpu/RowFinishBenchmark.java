package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** What follows a product: of 240 pixels of 64 channels, and of 240 positions of 80 filters. */
public class RowFinishBenchmark extends KernelBenchmark {
  private static final int ROWS = 240;
  private static final int CHANNELS = 64;
  private static final int FILTERS = 80;
  private static final int POOL = 3;
  private static final float SLOPE = 0.01f;

  private final float[] image = new float[ROWS * CHANNELS];
  private final float[] pooled = new float[ROWS / POOL * FILTERS];
  private float[] sums;
  private float[] residual;
  private float[] positions;

  @Setup
  public void prepare() {
    sums = Networks.noise(ROWS * CHANNELS, 1);
    residual = Networks.noise(ROWS * CHANNELS, 2);
    positions = Networks.noise(ROWS * FILTERS, 3);
    float[] expected = imageScalar().clone();
    requireSame("image", expected, imageVector(), 0);
    expected = poolScalar().clone();
    requireSame("pool", expected, poolVector(), 0);
  }

  private float[] image(RowFinish finish) {
    finish.image(ROWS, CHANNELS, sums, 0, CHANNELS, residual, true, image, 0, CHANNELS);
    return image;
  }

  private float[] pool(RowFinish finish) {
    finish.pool(ROWS / POOL, FILTERS, POOL, true, SLOPE, positions, 0, FILTERS, pooled, 0, FILTERS);
    return pooled;
  }

  @Benchmark
  public float[] imageVector() {
    return image(VECTOR.finish());
  }

  @Benchmark
  public float[] imageScalar() {
    return image(SCALAR.finish());
  }

  @Benchmark
  public float[] poolVector() {
    return pool(VECTOR.finish());
  }

  @Benchmark
  public float[] poolScalar() {
    return pool(SCALAR.finish());
  }
}
