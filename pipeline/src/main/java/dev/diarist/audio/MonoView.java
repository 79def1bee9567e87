package dev.diarist.audio;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A recording as the pipeline hears it: one channel or the mean of all, at 16 kHz. */
final class MonoView implements AudioSource {
  /** How much resampled sound stays at hand: more than a chunk. */
  private static final int KEPT_SECONDS = 12;

  private final String uri;
  private final MonoSamples mono;
  private final Closeable owner;

  /** Empty where the recording has 16 kHz itself. */
  private final Optional<Resampler> resampler;

  private final long samples;
  private final BlockCache resampled;

  /**
   * @param owner closed with this view
   */
  MonoView(String uri, MonoSamples mono, Closeable owner) {
    this.uri = uri;
    this.mono = mono;
    this.owner = owner;
    boolean same = mono.sampleRate() == SAMPLE_RATE;
    resampler = same ? Optional.empty() : Optional.of(new Resampler(mono.sampleRate()));
    samples = resampler.map(r -> r.length(mono.samples())).orElse(mono.samples());
    resampled =
        new BlockCache(this::resample, same ? 0 : samples, (long) KEPT_SECONDS * SAMPLE_RATE);
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public double durationSeconds() {
    return mono.samples() / (double) mono.sampleRate();
  }

  @Override
  public int recordedRate() {
    return mono.sampleRate();
  }

  @Override
  public void read(long firstSample, int count, float[] target, int offset) throws IOException {
    if (resampler.isEmpty()) {
      mono.read(firstSample, count, target, offset);
      return;
    }
    Objects.checkFromIndexSize(offset, count, target.length);
    if (firstSample < 0) {
      throw new IllegalArgumentException(
          "the first sample must be at least 0, got " + firstSample + " of " + uri);
    }
    int held = Math.clamp(samples - firstSample, 0, count);
    resampled.read(firstSample, held, target, offset);
    Arrays.fill(target, offset + held, offset + count, 0f);
  }

  private void resample(long firstSample, int count, float[] target) throws IOException {
    resampler.orElseThrow().resample(mono::read, mono.samples(), firstSample, count, target, 0);
  }

  @Override
  public void crop(double startSeconds, double durationSeconds, float[] target, int offset)
      throws IOException {
    if (resampler.isEmpty()) {
      AudioSource.super.crop(startSeconds, durationSeconds, target, offset);
      return;
    }
    int count = (int) Math.floor(durationSeconds * SAMPLE_RATE);
    Objects.checkFromIndexSize(offset, count, target.length);
    long first = (long) Math.floor(startSeconds * mono.sampleRate());
    long cut = (long) Math.floor(durationSeconds * mono.sampleRate());
    Resampler alone = resampler.get();
    int held = (int) Math.min(count, alone.length(cut));
    alone.resample(
        (from, n, into, at) -> mono.read(first + from, n, into, at), cut, 0, held, target, offset);
    Arrays.fill(target, offset + held, offset + count, 0f);
  }

  @Override
  public void close() throws IOException {
    owner.close();
  }
}
