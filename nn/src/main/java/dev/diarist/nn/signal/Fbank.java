package dev.diarist.nn.signal;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * Log mel filter banks as Kaldi computes them: windows of 25 ms every 10 ms, mean removed,
 * pre-emphasis, Hamming window, power spectrum, triangular mel bands from 20 Hz to half the rate,
 * logarithm.
 *
 * <p>Source: torchaudio 2.5.1, compliance/kaldi.py, with the options of pyannote.audio 3.3.2,
 * models/embedding/wespeaker/__init__.py: no dither, no energy, samples scaled by 2¹⁵, frames that
 * do not fit left out. The filter weights are evaluated in float32 as there, the spectrum in
 * double.
 *
 * <p>An instance is immutable and may serve many threads.
 */
public final class Fbank {
  private static final double FRAME_SECONDS = 0.025;
  private static final double STEP_SECONDS = 0.010;
  private static final double PRE_EMPHASIS = 0.97;
  private static final double LOW_HZ = 20;

  /** Kaldi works on 16-bit sample values. */
  private static final float SCALE = 1 << 15;

  /** float32's machine epsilon: the smallest energy whose logarithm is taken. */
  private static final double MIN_ENERGY = 1.1920928955078125e-07;

  /** About a millisecond of work: fewer frames are not worth another thread. */
  private static final int LEAST_FRAMES = 32;

  private final int threads;
  private final int melBins;
  private final int frameSamples;
  private final int stepSamples;
  private final int fftSize;
  private final float[] window;

  /** (melBins) the first FFT bin of each band, and (melBins)(…) its weights from there on. */
  private final int[] firstBin;

  private final float[][] bandWeights;

  /**
   * On the thread of the caller alone.
   *
   * @throws IllegalArgumentException if a band would be empty
   */
  public Fbank(int sampleRate, int melBins) {
    this(sampleRate, melBins, 1);
  }

  /**
   * @param threads the most that compute at a time for one caller: the caller and threads of the
   *     JVM's common pool
   * @throws IllegalArgumentException if a band would be empty
   */
  public Fbank(int sampleRate, int melBins, int threads) {
    this.threads = threads;
    this.melBins = melBins;
    this.frameSamples = (int) (sampleRate * FRAME_SECONDS);
    this.stepSamples = (int) (sampleRate * STEP_SECONDS);
    this.fftSize = Integer.highestOneBit(2 * frameSamples - 1);
    this.window = new float[frameSamples];
    for (int j = 0; j < frameSamples; j++) {
      window[j] = (float) (0.54 - 0.46 * Math.cos(2 * Math.PI * j / (frameSamples - 1)));
    }
    this.firstBin = new int[melBins];
    this.bandWeights = new float[melBins][];
    fillBands(sampleRate);
  }

  private void fillBands(int sampleRate) {
    int bins = fftSize / 2; // the band of half the rate has weight 0 everywhere
    double lowMel = 1127.0 * Math.log(1.0 + LOW_HZ / 700.0);
    double highMel = 1127.0 * Math.log(1.0 + sampleRate / 2.0 / 700.0);
    double delta = (highMel - lowMel) / (melBins + 1);
    float[] weights = new float[bins];
    for (int b = 0; b < melBins; b++) {
      float left = (float) lowMel + b * (float) delta;
      float center = (float) lowMel + (b + 1f) * (float) delta;
      float right = (float) lowMel + (b + 2f) * (float) delta;
      int first = bins;
      int last = -1;
      for (int k = 0; k < bins; k++) {
        float hertz = (float) sampleRate / fftSize * k;
        float mel = 1127f * (float) Math.log(1f + hertz / 700f);
        float up = (mel - left) / (center - left);
        float down = (right - mel) / (right - center);
        weights[k] = Math.max(0, Math.min(up, down));
        if (weights[k] > 0) {
          first = Math.min(first, k);
          last = k;
        }
      }
      if (last < 0) {
        throw new IllegalArgumentException(
            melBins + " mel bins are too many for " + sampleRate + " Hz: band " + b + " is empty");
      }
      firstBin[b] = first;
      bandWeights[b] = Arrays.copyOfRange(weights, first, last + 1);
    }
  }

  public int melBins() {
    return melBins;
  }

  /** Samples of one frame. */
  public int frameSamples() {
    return frameSamples;
  }

  /** Samples from one frame to the next. */
  public int stepSamples() {
    return stepSamples;
  }

  /** Frames that fit into {@code samples} samples. */
  public int frames(int samples) {
    return samples < frameSamples ? 0 : 1 + (samples - frameSamples) / stepSamples;
  }

  /**
   * The features of {@code samples} samples.
   *
   * @param waveform samples in [-1, 1), read from {@code offset} on; not modified
   * @param features (frames, melBins), overwritten from {@code target} on
   */
  public void compute(float[] waveform, int offset, int samples, float[] features, int target) {
    int frames = frames(samples);
    int parts = Math.clamp(frames / LEAST_FRAMES, 1, threads);
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              int first = (int) ((long) frames * part / parts);
              int end = (int) ((long) frames * (part + 1) / parts);
              int at = offset + first * stepSamples;
              computeFrames(waveform, at, end - first, features, target + first * melBins);
            });
  }

  private void computeFrames(
      float[] waveform, int offset, int frames, float[] features, int target) {
    double[][] spectrum = new double[2][fftSize];
    for (int f = 0; f < frames; f++) {
      powerSpectrum(waveform, offset + f * stepSamples, spectrum);
      double[] power = spectrum[0];
      int row = target + f * melBins; // features[f,:]
      for (int b = 0; b < melBins; b++) {
        float[] weights = bandWeights[b];
        double energy = 0;
        for (int k = 0; k < weights.length; k++) {
          energy += weights[k] * power[firstBin[b] + k];
        }
        features[row + b] = (float) Math.log(Math.max(energy, MIN_ENERGY));
      }
    }
  }

  /** Leaves |X|² of the frame at {@code offset} in {@code spectrum[0]}, bins 0 to fftSize/2. */
  private void powerSpectrum(float[] waveform, int offset, double[][] spectrum) {
    double[] real = spectrum[0];
    double[] imaginary = spectrum[1];
    double mean = 0;
    for (int j = 0; j < frameSamples; j++) {
      real[j] = waveform[offset + j] * SCALE;
      mean += real[j];
    }
    mean /= frameSamples;
    for (int j = frameSamples - 1; j >= 0; j--) {
      double previous = real[Math.max(0, j - 1)] - mean; // the first sample stands before itself
      real[j] = (real[j] - mean - PRE_EMPHASIS * previous) * window[j];
    }
    Arrays.fill(real, frameSamples, fftSize, 0);
    Arrays.fill(imaginary, 0);
    FastFourierTransformer.transformInPlace(
        spectrum, DftNormalization.STANDARD, TransformType.FORWARD);
    for (int k = 0; k <= fftSize / 2; k++) {
      real[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }
  }

  /**
   * Subtracts from each mel bin its mean over all frames.
   *
   * @param features (frames, melBins), modified
   */
  public void center(float[] features, int offset, int frames) {
    for (int b = 0; b < melBins; b++) {
      double sum = 0;
      for (int f = 0; f < frames; f++) {
        sum += features[offset + f * melBins + b];
      }
      float mean = (float) (sum / frames);
      for (int f = 0; f < frames; f++) {
        features[offset + f * melBins + b] -= mean;
      }
    }
  }
}
