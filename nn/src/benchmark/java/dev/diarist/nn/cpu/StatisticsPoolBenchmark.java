package dev.diarist.nn.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Pooling of what the trunk makes of a chunk of 10 s, (256, 10, 125), with the masks of three local
 * speakers, beside the reference backend.
 */
public class StatisticsPoolBenchmark extends KernelBenchmark {
  private static final int CHANNELS = 256;
  private static final int HEIGHT = 10;
  private static final int TIME = 125;
  private static final int MASKS = 3;
  private static final int MASK_FRAMES = 589;

  private final Scratch scratch = new Scratch();
  private OneOp op;
  private StatisticsPool step;

  @Setup
  public void prepare() {
    float[] features = Networks.noise(CHANNELS * HEIGHT * TIME, 1);
    float[] masks = Networks.masks(1, MASKS, MASK_FRAMES, 2);
    op = OneOp.pooling(CHANNELS * HEIGHT, TIME, features, MASKS, MASK_FRAMES, masks);
    step = step(features, masks);
    run();
    requireSame("StatisticsPool", op.nd4j(), step.y().example(0), ROUNDING);
  }

  /** The step over an image as a convolution leaves it, which the pooling alone would not see. */
  private static StatisticsPool step(float[] features, float[] masks) {
    Buffers buffers = new Buffers(0);
    Layout.Image image = new Layout.Image(CHANNELS, HEIGHT, TIME, CHANNELS, 1);
    Value x = new Value(image, buffers.take(image));
    Layout.RowMajor mask = new Layout.RowMajor(masks.length);
    Value w = new Value(mask, buffers.take(mask));
    Layout.RowMajor pooled = new Layout.RowMajor(MASKS * 2 * CHANNELS * HEIGHT);
    Value y = new Value(pooled, buffers.take(pooled));
    buffers.reserve(1);
    image.fromRowMajor(features, x.example(0));
    mask.fromRowMajor(masks, w.example(0));
    return new StatisticsPool(
        CHANNELS, HEIGHT, TIME, CHANNELS, image.at(0, 0), image.row(), MASKS, MASK_FRAMES, x, w, y);
  }

  private void run() {
    for (int item = 0; item < step.items(1); item++) {
      step.run(item, 1, scratch);
    }
  }

  @Benchmark
  public float[] cpu() {
    run();
    return step.y().example(0);
  }

  @Benchmark
  public float[] nd4j() {
    return op.nd4j();
  }

  @TearDown
  public void close() {
    op.close();
  }
}
