package dev.diarist.nn.cpu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benchmarks of the cpu backend have in common. Each pairs a kernel with a reference in
 * one run, on one thread, and its setup fails where the two do not give the same answer.
 *
 * <p>To run all of them, or those whose names match a regular expression, with further options of
 * JMH, from the root of the project:
 *
 * <pre>
 * mvn -q -pl nn -Pbenchmarks test-compile exec:exec
 * mvn -q -pl nn -Pbenchmarks test-compile exec:exec -Dbenchmarks="Convolution -p image=256x10x125"
 * </pre>
 *
 * <p>A step of the cpu backend is timed without the copying of inputs and outputs, which a network
 * needs once for all its steps; the reference backend with that copying. Weights are packed before
 * the clock starts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class KernelBenchmark {
  /** Of the largest value: float32 sums in another order, as in the tests. */
  static final double ROUNDING = 2e-5;

  static final Kernels VECTOR = Kernels.ofMachine();
  static final Kernels SCALAR = Kernels.scalar(VECTOR.lanes());

  /**
   * @param tolerance of the largest expected value
   * @throws IllegalStateException if the two do not give the same answer
   */
  static void requireSame(String what, float[] expected, float[] actual, double tolerance) {
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          what + " must give " + expected.length + " values, got " + actual.length);
    }
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (!(largest > 0) || Double.isInfinite(largest)) {
      throw new IllegalStateException(what + ": the reference gives nothing to compare with");
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
        throw new IllegalStateException(
            "%s must be within %g of %g at %d, got %g"
                .formatted(what, tolerance * largest, expected[i], i, actual[i]));
      }
    }
  }
}
