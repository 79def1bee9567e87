package dev.diarist.nn.signal;

/**
 * Band-pass filters from learned band edges.
 *
 * <pre>
 * low  = 50 + |low_hz|        high = clamp(low + 50 + |band_hz|, 50, rate/2)       B = high − low
 * cosine filter = [c, 2B, reverse(c)] / 2B     c = (sin(high·n) − sin(low·n)) / (n/2) · window
 * sine filter   = [s,  0, −reverse(s)] / 2B    s = (cos(low·n) − cos(high·n)) / (n/2) · window
 * </pre>
 *
 * Source: Ravanelli and Bengio, "Speaker recognition from raw waveform with SincNet", 2018; Loweimi
 * et al., "On learning interpretable CNNs with parametric modulated kernel-based filters", 2019, as
 * asteroid-filterbanks 0.4.0 (param_sinc_fb.py) evaluates them: in float32, from the stored {@code
 * n} and {@code window}.
 */
public final class SincFilters {
  /** What a band's lower edge is at least. */
  public static final float MIN_LOW_HZ = 50;

  /** What a band is at least wide. */
  public static final float MIN_BAND_HZ = 50;

  private SincFilters() {}

  /**
   * @param lowHz (bands), not modified
   * @param bandHz (bands), not modified
   * @param window (half): the first half of the window, not modified
   * @param n (half): 2π(i − half)/rate for the first half of the kernel, not modified
   * @return (2·bands, 2·half + 1): the cosine filters of all bands, then the sine filters
   */
  public static float[] of(
      float[] lowHz, float[] bandHz, float[] window, float[] n, int sampleRate) {
    int bands = lowHz.length;
    int half = n.length;
    int kernel = 2 * half + 1;
    float[] filters = new float[2 * bands * kernel];
    for (int k = 0; k < bands; k++) {
      float low = low(lowHz[k]);
      float high = Math.clamp(unclampedHigh(lowHz[k], bandHz[k]), MIN_LOW_HZ, sampleRate / 2f);
      float scale = 2 * (high - low);
      int cosine = k * kernel; // filters[k,:]
      int sine = (bands + k) * kernel; // filters[bands+k,:]
      for (int i = 0; i < half; i++) {
        float fromLow = low * n[i];
        float fromHigh = high * n[i];
        float c = (sin(fromHigh) - sin(fromLow)) / (n[i] / 2) * window[i] / scale;
        float s = (cos(fromLow) - cos(fromHigh)) / (n[i] / 2) * window[i] / scale;
        filters[cosine + i] = c;
        filters[cosine + kernel - 1 - i] = c;
        filters[sine + i] = s;
        filters[sine + kernel - 1 - i] = -s;
      }
      filters[cosine + half] = 1; // 2B / 2B
    }
    return filters;
  }

  /** The lower edge of a band: 50 + |low_hz|. */
  public static float low(float lowHz) {
    return MIN_LOW_HZ + Math.abs(lowHz);
  }

  /** The upper edge of a band before it is clamped: low + 50 + |band_hz|. */
  public static float unclampedHigh(float lowHz, float bandHz) {
    return low(lowHz) + MIN_BAND_HZ + Math.abs(bandHz);
  }

  private static float sin(float x) {
    return (float) Math.sin(x);
  }

  private static float cos(float x) {
    return (float) Math.cos(x);
  }
}
