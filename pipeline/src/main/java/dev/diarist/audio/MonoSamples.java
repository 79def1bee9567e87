package dev.diarist.audio;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/** One channel of a recording, or the mean of all, at the rate it was recorded with. */
final class MonoSamples {
  /** How much stays at hand: more than a chunk. */
  private static final int KEPT_SECONDS = 12;

  /** Samples of all channels that are decoded at a time. */
  private static final int DECODED_SAMPLES = 1 << 14;

  private final Pcm pcm;
  private final OptionalInt channel;
  private final BlockCache cache;
  private float[] decoded = {};

  /**
   * @param channel counted from 0; empty for the mean of all
   */
  MonoSamples(Pcm pcm, OptionalInt channel) {
    this.pcm = pcm;
    this.channel = channel;
    cache = new BlockCache(this::decode, pcm.frames(), (long) KEPT_SECONDS * pcm.sampleRate());
  }

  int sampleRate() {
    return pcm.sampleRate();
  }

  long samples() {
    return pcm.frames();
  }

  /**
   * Reads as {@link AudioSource#read} does, at the rate of the recording.
   *
   * @throws AudioException if a sample is no finite number, or cannot be read
   */
  void read(long firstSample, int count, float[] target, int offset) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    if (firstSample < 0) {
      throw new IllegalArgumentException(
          "the first sample must be at least 0, got " + firstSample + " of " + pcm.name());
    }
    int held = Math.clamp(pcm.frames() - firstSample, 0, count);
    cache.read(firstSample, held, target, offset);
    for (int i = 0; i < held; i++) {
      float sample = target[offset + i];
      if (!Float.isFinite(sample)) {
        throw new AudioException(
            "%s: holds a sample that is no finite number (%s) at %.3f seconds"
                .formatted(pcm.name(), sample, (firstSample + i) / (double) pcm.sampleRate()));
      }
    }
    Arrays.fill(target, offset + held, offset + count, 0f);
  }

  private void decode(long first, int count, float[] target) throws IOException {
    int channels = pcm.channels();
    int step = Math.max(1, DECODED_SAMPLES / channels);
    int needed = Math.min(step, count) * channels;
    if (decoded.length < needed) {
      decoded = new float[needed];
    }
    for (int done = 0; done < count; done += step) {
      int frames = Math.min(step, count - done);
      pcm.read(first + done, frames, decoded);
      if (channel.isPresent()) {
        for (int i = 0; i < frames; i++) {
          target[done + i] = decoded[i * channels + channel.getAsInt()];
        }
      } else {
        mixDown(frames, channels, target, done);
      }
    }
  }

  /**
   * target[i] = (((0 + x[i,0]) + x[i,1]) + …) / channels in float32, left to right. Source: torch's
   * mean over the channels.
   *
   * @param target overwritten from {@code offset} to {@code offset + frames}
   */
  private void mixDown(int frames, int channels, float[] target, int offset) {
    for (int i = 0; i < frames; i++) {
      float sum = 0f;
      for (int c = 0; c < channels; c++) {
        sum += decoded[i * channels + c];
      }
      target[offset + i] = channels == 1 ? sum : sum / channels;
    }
  }
}
