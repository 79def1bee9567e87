package dev.diarist.embedding;

import dev.diarist.audio.AudioSource;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;

/**
 * The fbank of chunks, asked for in order. Where chunks begin a whole number of fbank frames apart,
 * the frames that a chunk shares with the one asked for before are not computed again; they are the
 * same, because a frame depends on its own samples alone. In recordings of another rate than 16 kHz
 * chunks share nothing: each is cut and resampled by itself.
 *
 * <p>Letters: {@code T} fbank frames in a chunk, {@code M} mel bins.
 */
final class ChunkFeatures implements ChunkInputs {
  private final AudioSource audio;
  private final SlidingWindow window;
  private final Fbank fbank;
  private final int frames;

  /** Samples of one chunk, or of the part of it that is new. */
  private final float[] waveform;

  /** (T, M) not centered, of the chunk asked for last. */
  private final float[] features;

  private long firstSample;
  private boolean filled;

  ChunkFeatures(AudioSource audio, SlidingWindow window, Fbank fbank) {
    this.audio = audio;
    this.window = window;
    this.fbank = fbank;
    this.waveform = new float[(int) Math.floor(window.durationSeconds() * AudioSource.SAMPLE_RATE)];
    this.frames = fbank.frames(waveform.length);
    this.features = new float[frames * fbank.melBins()];
  }

  /** T. */
  int frames() {
    return frames;
  }

  /**
   * The features (T, M) of a chunk, each mel bin centered over all its frames.
   *
   * @throws IOException if the audio cannot be read
   */
  @Override
  public void read(int chunk, float[] target, int offset) throws IOException {
    double startSeconds = window.segment(chunk).startSeconds();
    if (audio.recordedRate() == AudioSource.SAMPLE_RATE) {
      computeNew((long) Math.floor(startSeconds * AudioSource.SAMPLE_RATE));
    } else {
      audio.crop(startSeconds, window.durationSeconds(), waveform, 0);
      fbank.compute(waveform, 0, waveform.length, features, 0);
    }
    System.arraycopy(features, 0, target, offset, features.length);
    fbank.center(target, offset, frames);
  }

  /** Computes those frames of a chunk that starts at {@code start} which are not there yet. */
  private void computeNew(long start) throws IOException {
    int kept = keep(start);
    int first = kept * fbank.stepSamples(); // of the chunk's samples, the first that is needed
    int samples = waveform.length - first;
    audio.read(firstSample + first, samples, waveform, 0);
    fbank.compute(waveform, 0, samples, features, kept * fbank.melBins());
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
