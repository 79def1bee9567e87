package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A bidirectional layer of the segmentation network, 256 → 2 × 128 over 589 frames, for six chunks,
 * which go through time together: with vectors, in plain loops, and on the reference backend. 2.8
 * GFLOP.
 */
public class LstmLayerBenchmark extends KernelBenchmark {
  private OneOp op;
  private LoweredStep vector;
  private LoweredStep scalar;

  @Setup
  public void prepare() {
    op = OneOp.of(PanelProduct.ROWS, Shape.of(589, 256), new Op.Lstm(128, 1, true));
    vector = op.step(LstmLayer.class, VECTOR);
    scalar = op.step(LstmLayer.class, SCALAR);
    float[] expected = op.nd4j();
    requireSame("LstmLayer", expected, vector.output(), ROUNDING);
    requireSame("LstmLayer in plain loops", expected, scalar.output(), ROUNDING);
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
