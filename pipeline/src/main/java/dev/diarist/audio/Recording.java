package dev.diarist.audio;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * A decoded recording of any rate and number of channels, from which the pipeline's views are
 * taken. Recording and views are safe for use by one thread at a time, all together.
 */
public final class Recording implements Closeable {
  private final String uri;
  private final Pcm pcm;

  /**
   * @param pcm closed with this recording, and at once where it cannot be used
   * @throws AudioException if its rate cannot be resampled
   */
  Recording(String uri, Pcm pcm) throws IOException {
    this.uri = uri;
    this.pcm = pcm;
    try {
      AudioFiles.sampleRate(pcm.name(), pcm.sampleRate());
    } catch (AudioException e) {
      pcm.close();
      throw e;
    }
  }

  /**
   * Sound in memory.
   *
   * @param samples of one channel, in [-1, 1); not modified, not copied
   * @throws AudioException if there is no sample, or the rate is not from 1000 to 768000 Hz
   */
  public static Recording of(String uri, float[] samples, int sampleRate) throws IOException {
    return of(uri, new float[][] {samples}, sampleRate);
  }

  /**
   * Sound in memory.
   *
   * @param channels (channels, samples), in [-1, 1); not modified, not copied
   * @throws AudioException if there are fewer samples than channels, channels differ in length, or
   *     the rate is not from 1000 to 768000 Hz
   */
  public static Recording of(String uri, float[][] channels, int sampleRate) throws IOException {
    return new Recording(uri, new MemoryPcm(uri, channels, sampleRate));
  }

  /** Name of the recording. */
  public String uri() {
    return uri;
  }

  /** In Hz. */
  public int sampleRate() {
    return pcm.sampleRate();
  }

  public int channels() {
    return pcm.channels();
  }

  /** Samples of each channel. */
  public long frames() {
    return pcm.frames();
  }

  /** The mean of all channels; to be used until this recording is closed, as it will be with it. */
  public AudioSource mix() {
    return view(OptionalInt.empty());
  }

  /**
   * One channel; to be used until this recording is closed, as it will be with it.
   *
   * @param channel counted from 0
   * @throws AudioException if there is no such channel
   */
  public AudioSource channel(int channel) throws AudioException {
    if (channel < 0 || channel >= pcm.channels()) {
      throw new AudioException(
          "%s: has no channel %d; it has %d, counted from 0"
              .formatted(pcm.name(), channel, pcm.channels()));
    }
    return view(OptionalInt.of(channel));
  }

  /**
   * What the options ask to hear: one channel, or the mean of all.
   *
   * @throws AudioException as {@link #channel}
   */
  public AudioSource view(AudioOptions options) throws AudioException {
    return options.channel().isPresent() ? channel(options.channel().getAsInt()) : mix();
  }

  private AudioSource view(OptionalInt channel) {
    return new MonoView(uri, new MonoSamples(pcm, channel), this);
  }

  @Override
  public void close() throws IOException {
    pcm.close();
  }
}
