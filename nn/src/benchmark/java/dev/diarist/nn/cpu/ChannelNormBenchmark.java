package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Instance norm and leaky ReLU at the sizes of a chunk of 10 s, beside the reference backend. */
public class ChannelNormBenchmark extends KernelBenchmark {
  /** Channels and times: the audio itself, and what the first convolution makes of it. */
  @Param({"1x160000", "80x5325"})
  public String signal;

  private OneOp op;
  private LoweredStep step;

  @Setup
  public void prepare() {
    int[] size = Arrays.stream(signal.split("x")).mapToInt(Integer::parseInt).toArray();
    op = OneOp.of(1, Shape.of(size), new Op.InstanceNorm(1e-5), new Op.LeakyRelu(0.01));
    step = op.step(ChannelNorm.class, VECTOR);
    requireSame("ChannelNorm", op.nd4j(), step.output(), ROUNDING);
  }

  @Benchmark
  public void cpu() {
    step.run();
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
