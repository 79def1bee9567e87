package dev.diarist.embedding;

import dev.diarist.audio.AudioSource;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.segmentation.Chunks;
import java.io.IOException;

/**
 * The fbank of chunks, asked for in order. Where chunks begin a whole number of fbank frames apart,
 * the frames that a chunk shares with the one asked for before are not computed again; they are the
 * same, because a frame depends on its own samples alone.
 *
 * <p>Letters: {@code T} fbank frames in a chunk, {@code M} mel bins.
 */
final class ChunkFeatures {
  private final AudioSource audio;
  private final Chunks chunks;
  private final Fbank fbank;
  private final int frames;

  /** Samples of one chunk, or of the part of it that is new. */
  private final float[] waveform;

  /** (T, M) not centered, of the chunk asked for last. */
  private final float[] features;

  private long firstSample;
  private boolean filled;

  ChunkFeatures(AudioSource audio, Chunks chunks, Fbank fbank) {
    this.audio = audio;
    this.chunks = chunks;
    this.fbank = fbank;
    this.frames = fbank.frames(chunks.windowSamples());
    this.waveform = new float[chunks.windowSamples()];
    this.features = new float[frames * fbank.melBins()];
  }

  /** T. */
  int frames() {
    return frames;
  }

  /**
   * The features of a chunk, each mel bin centered over all its frames.
   *
   * @param chunk not before the one asked for last
   * @param target (T, M) from {@code offset} on, overwritten
   * @throws IOException if the audio cannot be read
   */
  void read(int chunk, float[] target, int offset) throws IOException {
    int mels = fbank.melBins();
    int kept = keep(chunks.firstSample(chunk));
    int first = kept * fbank.stepSamples(); // of the chunk's samples, the first that is needed
    int samples = chunks.windowSamples() - first;
    audio.read(firstSample + first, samples, waveform, 0);
    fbank.compute(waveform, 0, samples, features, kept * mels);
    System.arraycopy(features, 0, target, offset, features.length);
    fbank.center(target, offset, frames);
  }

  /**
   * Moves the frames shared with a chunk that starts at {@code start} to the front; their number.
   */
  private int keep(long start) {
    long moved = start - firstSample;
    boolean aligned = filled && moved >= 0 && moved % fbank.stepSamples() == 0;
    int kept = aligned ? (int) Math.max(0, frames - moved / fbank.stepSamples()) : 0;
    int mels = fbank.melBins();
    System.arraycopy(features, (frames - kept) * mels, features, 0, kept * mels);
    firstSample = start;
    filled = true;
    return kept;
  }
}
