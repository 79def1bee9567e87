package dev.diarist.simulation;

import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * What a room does to sound on its way from one mouth to the microphone.
 *
 * <p>y[t] = g·Σₖ h[k]·x[t − k], where h is the impulse response from its largest sample on, the
 * direct path, so that speech stays where it was; g makes y as loud as x. Computed by overlap-add.
 *
 * <p>An instance is immutable and may serve many threads.
 */
public final class Room {
  private static final int MAX_SECONDS = 10;
  private static final int MIN_FFT = 1024;

  private final int taps;
  private final int fftSize;

  /** (2, fftSize) real and imaginary parts of the transform of h. */
  private final double[][] spectrum;

  private Room(float[] response) {
    taps = response.length;
    fftSize = Math.max(MIN_FFT, Integer.highestOneBit(2 * taps - 1) * 2);
    spectrum = new double[2][fftSize];
    for (int k = 0; k < taps; k++) {
      spectrum[0][k] = response[k];
    }
    transform(spectrum, TransformType.FORWARD);
  }

  /**
   * The room of an impulse response.
   *
   * @param impulseResponse at 16 kHz; not modified
   * @throws IllegalArgumentException if it is silent
   */
  public static Room of(float[] impulseResponse) {
    int direct = 0;
    for (int i = 1; i < impulseResponse.length; i++) {
      if (Math.abs(impulseResponse[i]) > Math.abs(impulseResponse[direct])) {
        direct = i;
      }
    }
    if (impulseResponse.length == 0 || impulseResponse[direct] == 0) {
      throw new IllegalArgumentException(
          "an impulse response must have a sample that is not 0, got "
              + impulseResponse.length
              + " samples of silence");
    }
    return new Room(Arrays.copyOfRange(impulseResponse, direct, impulseResponse.length));
  }

  /**
   * The room whose impulse response a file holds.
   *
   * @throws IOException if the file cannot be read, is silent or lasts longer than 10 seconds
   */
  public static Room read(Path file) throws IOException {
    try (AudioSource source = AudioFiles.open(file)) {
      if (source.samples() > (long) MAX_SECONDS * AudioSource.SAMPLE_RATE) {
        throw new IOException(
            "%s: an impulse response must last at most %d seconds, found %.1f"
                .formatted(file, MAX_SECONDS, (double) source.samples() / AudioSource.SAMPLE_RATE));
      }
      float[] response = new float[(int) source.samples()];
      source.read(0, response.length, response, 0);
      return of(response);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** How long the room rings after a sound. */
  public int tailSamples() {
    return taps - 1;
  }

  /**
   * The sound in the room, as a new array of the same length and level; who wants to hear it ring
   * out appends {@link #tailSamples} zeros before.
   *
   * @param sound at 16 kHz; not modified
   */
  public float[] applied(float[] sound) {
    double[] wet = convolved(sound);
    double before = 0;
    double after = 0;
    for (int t = 0; t < wet.length; t++) {
      before += (double) sound[t] * sound[t];
      after += wet[t] * wet[t];
    }
    double gain = before == 0 ? 0 : Math.sqrt(before / after);
    float[] heard = new float[wet.length];
    for (int t = 0; t < heard.length; t++) {
      heard[t] = (float) (wet[t] * gain);
    }
    return heard;
  }

  /** Σₖ h[k]·x[t − k] for each t of x, two blocks at a time: as h is real, they do not mix. */
  private double[] convolved(float[] sound) {
    int block = fftSize - taps + 1;
    double[] wet = new double[sound.length];
    double[][] two = new double[2][fftSize];
    for (int from = 0; from < sound.length; from += 2 * block) {
      for (int part = 0; part < 2; part++) {
        int at = from + part * block;
        int count = Math.clamp((long) sound.length - at, 0, block);
        for (int i = 0; i < count; i++) {
          two[part][i] = sound[at + i];
        }
        Arrays.fill(two[part], count, fftSize, 0);
      }
      transform(two, TransformType.FORWARD);
      multiply(two);
      transform(two, TransformType.INVERSE);
      for (int part = 0; part < 2; part++) {
        int at = from + part * block;
        int count = Math.clamp((long) sound.length - at, 0, fftSize);
        for (int i = 0; i < count; i++) {
          wet[at + i] += two[part][i];
        }
      }
    }
    return wet;
  }

  private void multiply(double[][] values) {
    for (int k = 0; k < fftSize; k++) {
      double real = values[0][k];
      double imaginary = values[1][k];
      values[0][k] = real * spectrum[0][k] - imaginary * spectrum[1][k];
      values[1][k] = real * spectrum[1][k] + imaginary * spectrum[0][k];
    }
  }

  private static void transform(double[][] values, TransformType direction) {
    FastFourierTransformer.transformInPlace(values, DftNormalization.STANDARD, direction);
  }
}
