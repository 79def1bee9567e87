package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The first convolution of the segmentation network over a chunk of 10 s, 80 filters of 251 samples
 * every 10, with the absolute value and the pooling behind it: with vectors, in plain loops, and on
 * the reference backend, which convolves in double. 0.64 GFLOP.
 */
public class SincConvolutionBenchmark extends KernelBenchmark {
  private OneOp op;
  private LoweredStep vector;
  private LoweredStep scalar;

  @Setup
  public void prepare() {
    Op.SincConv sinc = new Op.SincConv(80, 251, 10, 16_000);
    op = OneOp.of(1, Shape.of(1, 160_000), sinc, new Op.Abs(), new Op.MaxPool1d(3));
    vector = op.step(SincConvolution.class, VECTOR);
    scalar = op.step(SincConvolution.class, SCALAR);
    float[] expected = op.nd4j();
    requireSame("SincConvolution", expected, vector.output(), ROUNDING);
    requireSame("SincConvolution in plain loops", expected, scalar.output(), ROUNDING);
  }

  @Benchmark
  public void vector() {
    vector.run();
  }

  @Benchmark
  public void scalar() {
    scalar.run();
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
