package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A 3×3 convolution with batch norm and ReLU at the sizes of the trunk, for a chunk of 10 s:
 * Winograd, straight from the definition, and on the reference backend. 1.47 GFLOP each.
 */
public class ConvolutionBenchmark extends KernelBenchmark {
  /** Channels in and out, mel bins, frames. */
  @Param({"32x80x998", "64x40x499", "128x20x250", "256x10x125"})
  public String image;

  private OneOp op;
  private LoweredStep winograd;
  private LoweredStep direct;

  @Setup
  public void prepare() {
    int[] size = Arrays.stream(image.split("x")).mapToInt(Integer::parseInt).toArray();
    Op.Conv2d convolution = new Op.Conv2d(size[0], 3, 1, 1);
    op = OneOp.of(1, Shape.of(size), convolution, new Op.BatchNorm(1e-5), new Op.Relu());
    winograd = op.step(WinogradConvolution.class, VECTOR);
    direct = op.step(ImageConvolution.class, VECTOR.withoutWinograd());
    float[] expected = op.nd4j();
    requireSame("WinogradConvolution", expected, winograd.output(), ROUNDING);
    requireSame("ImageConvolution", expected, direct.output(), ROUNDING);
  }

  @Benchmark
  public void winograd() {
    winograd.run();
  }

  @Benchmark
  public void direct() {
    direct.run();
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
