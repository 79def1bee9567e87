package dev.diarist.audio;

import java.io.IOException;
import java.util.Arrays;

/**
 * Any rate to 16 kHz, by a sinc in a Hann window.
 *
 * <p>With o = rate/gcd, n = 16000/gcd, b = 0.99·min(o, n): y[m·n + j] = Σᵢ x[m·o + i]·k[j][i],
 * where k[j][i] is the windowed sinc at t = (i/o − j/n)·b, which vanishes outside |t| &lt; 6, and x
 * is 0 outside the signal. Outputs need only the inputs around them, so that any stretch of a
 * signal of any length is resampled alone.
 *
 * <p>Source: {@code torchaudio.functional.resample} with its defaults.
 */
final class Resampler {
  static final int MIN_RATE = 1000;
  static final int MAX_RATE = 768_000;

  private static final int ZERO_CROSSINGS = 6; // lowpass_filter_width
  private static final double ROLLOFF = 0.99;

  /** Inputs that are at hand at a time, about. */
  private static final int BLOCK_SAMPLES = 1 << 15;

  /** Taps of all phases that are kept; rates that need more evaluate the sinc each time. */
  private static final long KEPT_TAPS = 1 << 19;

  /** Where samples are read from; all that are asked for exist. */
  @FunctionalInterface
  interface Input {
    void read(long firstSample, int count, float[] target, int offset) throws IOException;
  }

  private final int in; // o
  private final int out; // n
  private final double cutoff; // b
  private final float[][] kept;
  private float[] evaluated = {};
  private float[] input = {};

  /**
   * @throws IllegalArgumentException if the rate is not from 1000 to 768000 Hz
   */
  Resampler(int sampleRate) {
    if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
      throw new IllegalArgumentException(
          "a sample rate must be from %d to %d Hz, got %d"
              .formatted(MIN_RATE, MAX_RATE, sampleRate));
    }
    int divisor = gcd(sampleRate, AudioSource.SAMPLE_RATE);
    in = sampleRate / divisor;
    out = AudioSource.SAMPLE_RATE / divisor;
    cutoff = Math.min(in, out) * ROLLOFF;
    kept = (long) out * taps() <= KEPT_TAPS ? new float[out][] : new float[0][];
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * ⌈n·samples/o⌉, where torchaudio keeps the quotient in float32: above 2²⁴ it is rounded to what
   * that can hold, but never beyond the blocks of n outputs that there are.
   */
  long length(long samples) {
    float quotient = (float) ((double) (out * samples) / in);
    return Math.min((long) Math.ceil(quotient), (samples / in + 1) * out);
  }

  /**
   * Outputs [{@code first}, {@code first + count}) of a signal of {@code samples} samples.
   *
   * @param first at least 0
   * @param target overwritten from {@code offset} to {@code offset + count}
   */
  void resample(Input source, long samples, long first, int count, float[] target, int offset)
      throws IOException {
    int step = (int) Math.min(BLOCK_SAMPLES, (long) BLOCK_SAMPLES * out / in);
    for (int done = 0; done < count; done += step) {
      int part = Math.min(step, count - done);
      block(source, samples, first + done, part, target, offset + done);
    }
  }

  private void block(Input source, long samples, long first, int count, float[] target, int offset)
      throws IOException {
    long last = first + count - 1;
    long start = firstInput(first);
    int needed = Math.toIntExact(firstInput(last) + taps() - start);
    fill(source, samples, start, needed);
    for (int k = 0; k < count; k++) {
      long at = first + k;
      float[] kernel = kernel((int) (at % out));
      int from = (int) (firstInput(at) - start);
      double sum = 0; // torchaudio's order of float32 sums is its library's own
      for (int i = 0; i < kernel.length; i++) {
        sum += (double) input[from + i] * kernel[i];
      }
      target[offset + k] = (float) sum;
    }
  }

  /** Fills {@link #input} with samples from {@code start} on, zeros where there are none. */
  private void fill(Input source, long samples, long start, int count) throws IOException {
    if (input.length < count) {
      input = new float[count];
    }
    int before = Math.clamp(-start, 0, count);
    int held = Math.clamp(samples - (start + before), 0, count - before);
    Arrays.fill(input, 0, before, 0f);
    if (held > 0) {
      source.read(start + before, held, input, before);
    }
    Arrays.fill(input, before + held, count, 0f);
  }

  /** The input under the first tap of an output; may be negative. */
  private long firstInput(long output) {
    return output / out * in + firstTap((int) (output % out));
  }

  /** The first i of a phase j: ⌊o·(j/n − 6/b)⌋, at or before the first t inside (−6, 6). */
  private int firstTap(int phase) {
    return (int) Math.floor(in * (phase / (double) out - ZERO_CROSSINGS / cutoff));
  }

  /** Taps of each phase, 2·6·o/b of which lie inside the window. */
  private int taps() {
    return (int) Math.ceil(2 * ZERO_CROSSINGS * in / cutoff) + 2;
  }

  private float[] kernel(int phase) {
    if (kept.length == 0) {
      if (evaluated.length == 0) {
        evaluated = new float[taps()];
      }
      return evaluate(phase, evaluated);
    }
    if (kept[phase] == null) {
      kept[phase] = evaluate(phase, new float[taps()]);
    }
    return kept[phase];
  }

  /**
   * The taps of a phase, every step rounded to float32 as torchaudio rounds it: positions in double
   * would differ by 2e-6 at 44.1 kHz and by 3e-4 at 16001 Hz.
   *
   * @param taps overwritten
   */
  private float[] evaluate(int phase, float[] taps) {
    int first = firstTap(phase);
    float scale = (float) (cutoff / in);
    for (int tap = 0; tap < taps.length; tap++) {
      float t = ((float) -phase / out + (float) (first + tap) / in) * (float) cutoff;
      t = Math.clamp(t, -ZERO_CROSSINGS, ZERO_CROSSINGS);
      float hann = (float) Math.cos(t * (float) Math.PI / ZERO_CROSSINGS / 2);
      float x = t * (float) Math.PI;
      float sinc = t == 0 ? 1 : (float) Math.sin(x) / x;
      taps[tap] = sinc * (hann * hann * scale);
    }
    return taps;
  }
}
