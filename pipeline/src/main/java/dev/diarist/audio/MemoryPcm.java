package dev.diarist.audio;

/** Sound that somebody else holds in memory. */
final class MemoryPcm implements Pcm {
  private final String name;
  private final float[][] samples;
  private final int sampleRate;

  /**
   * @param samples (channels, samples), not modified
   * @throws AudioException if there are fewer samples than channels, as where both were mixed up,
   *     or channels differ in length
   */
  MemoryPcm(String name, float[][] samples, int sampleRate) throws AudioException {
    this.name = name;
    this.samples = samples;
    this.sampleRate = sampleRate;
    if (samples.length == 0 || samples.length > samples[0].length) {
      throw new AudioException(
          "%s: must have a channel or more and at least as many samples as channels, has %d of %d"
              .formatted(name, samples.length, samples.length == 0 ? 0 : samples[0].length));
    }
    for (float[] channel : samples) {
      if (channel.length != samples[0].length) {
        throw new AudioException(
            "%s: must have channels of one length, has %d and %d samples"
                .formatted(name, samples[0].length, channel.length));
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int sampleRate() {
    return sampleRate;
  }

  @Override
  public int channels() {
    return samples.length;
  }

  @Override
  public long frames() {
    return samples[0].length;
  }

  @Override
  public void read(long firstFrame, int count, float[] target) {
    int first = (int) firstFrame;
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < samples.length; c++) {
        target[i * samples.length + c] = samples[c][first + i];
      }
    }
  }

  @Override
  public void close() {
    // The samples are somebody else's.
  }
}
