package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.WinogradTransforms;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The transforms of 64 tiles side by side, in strips as the convolution cuts them. */
public class WinogradTransformsBenchmark extends KernelBenchmark {
  private static final int TILES = 64;

  /** Floats of the pixels of a strip; see WinogradConvolution. */
  private static final int STRIP_FLOATS = 256;

  @Param({"32", "64", "256"})
  public int channels;

  private int tiles; // of a strip
  private int row; // from one row of pixels to the next
  private int plane; // from one position of the tiles to the next
  private float[] image;
  private float[] bias;
  private float[] products;
  private float[] residual;
  private float[] transformed;
  private float[] output;
  private float[] strip;

  @Setup
  public void prepare() {
    tiles = Math.max(1, STRIP_FLOATS / channels);
    row = (WinogradTransforms.TILE * TILES + 2) * channels;
    plane = TILES * channels + 16;
    image = Networks.noise(WinogradTransforms.INPUT * row, 1);
    bias = Networks.noise(channels, 2);
    products = Networks.noise(WinogradTransforms.POSITIONS * plane, 3);
    residual = Networks.noise(WinogradTransforms.TILE * row, 4);
    transformed = new float[WinogradTransforms.POSITIONS * plane];
    output = new float[WinogradTransforms.TILE * row];
    strip =
        new float
            [Math.max(
                WinogradTransforms.inputStrip(tiles, channels),
                Math.max(
                    WinogradTransforms.outputStrip(tiles, channels),
                    WinogradTransforms.gradientStrip(tiles, channels)))];
    float[] expected = inputScalar().clone();
    requireSame("input", expected, inputVector(), ROUNDING);
    expected = outputScalar().clone();
    requireSame("output", expected, outputVector(), ROUNDING);
    expected = gradientScalar().clone();
    requireSame("gradient", expected, gradientVector(), ROUNDING);
  }

  private float[] input(WinogradTransforms transforms) {
    for (int t = 0; t < TILES; t += tiles) {
      int at = t * WinogradTransforms.TILE * channels;
      transforms.input(tiles, channels, image, at, row, transformed, t * channels, plane, strip);
    }
    return transformed;
  }

  private float[] output(WinogradTransforms transforms) {
    for (int t = 0; t < TILES; t += tiles) {
      transforms.output(
          tiles,
          channels,
          products,
          t * channels,
          channels,
          plane,
          bias,
          0,
          residual,
          true,
          output,
          t * WinogradTransforms.TILE * channels,
          channels,
          row,
          WinogradTransforms.TILE,
          strip);
    }
    return output;
  }

  private float[] gradient(WinogradTransforms transforms) {
    for (int t = 0; t < TILES; t += tiles) {
      int at = t * WinogradTransforms.TILE * channels;
      transforms.gradient(tiles, channels, image, at, row, transformed, t * channels, plane, strip);
    }
    return transformed;
  }

  @Benchmark
  public float[] inputVector() {
    return input(VECTOR.winograd());
  }

  @Benchmark
  public float[] inputScalar() {
    return input(SCALAR.winograd());
  }

  @Benchmark
  public float[] outputVector() {
    return output(VECTOR.winograd());
  }

  @Benchmark
  public float[] outputScalar() {
    return output(SCALAR.winograd());
  }

  @Benchmark
  public float[] gradientVector() {
    return gradient(VECTOR.winograd());
  }

  @Benchmark
  public float[] gradientScalar() {
    return gradient(SCALAR.winograd());
  }
}
