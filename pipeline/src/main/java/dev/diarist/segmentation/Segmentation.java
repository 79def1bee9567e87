package dev.diarist.segmentation;

/**
 * Which local speakers are active in each frame of each chunk.
 *
 * @param chunks C
 * @param frames F, in a chunk
 * @param localSpeakers S, at most 8
 * @param active (C, F): bit s of a byte is set where local speaker s is active; not modified
 * @param probabilities (C, F, S) that a local speaker is active, not modified; null where the
 *     network chooses among sets of speakers, and each speaker is active or not
 * @param chunkWindow the chunks in the file
 * @param frameWindow the frames in a chunk, counted from its start
 */
public record Segmentation(
    int chunks,
    int frames,
    int localSpeakers,
    byte[] active,
    float[] probabilities,
    SlidingWindow chunkWindow,
    SlidingWindow frameWindow) {

  public Segmentation {
    if (localSpeakers < 1 || localSpeakers > 8) {
      throw new IllegalArgumentException(
          "a segmentation has from 1 to 8 local speakers, got " + localSpeakers);
    }
    if (active.length != Math.multiplyExact(chunks, frames)) {
      throw new IllegalArgumentException(
          "a segmentation of "
              + chunks
              + " chunks of "
              + frames
              + " frames must have as many bytes, got "
              + active.length);
    }
    if (probabilities != null
        && probabilities.length != Math.multiplyExact(active.length, localSpeakers)) {
      throw new IllegalArgumentException(
          "there must be a probability for each of %d local speakers in %d frames, got %d"
              .formatted(localSpeakers, active.length, probabilities.length));
    }
  }

  /** What a network says that chooses among sets of speakers. */
  public Segmentation(
      int chunks,
      int frames,
      int localSpeakers,
      byte[] active,
      SlidingWindow chunkWindow,
      SlidingWindow frameWindow) {
    this(chunks, frames, localSpeakers, active, null, chunkWindow, frameWindow);
  }

  public boolean isActive(int chunk, int frame, int localSpeaker) {
    return (active[chunk * frames + frame] >> localSpeaker & 1) != 0;
  }

  /** The probability that a local speaker is active: 0 or 1 where the network only chooses. */
  public float score(int chunk, int frame, int localSpeaker) {
    return probabilities == null
        ? isActive(chunk, frame, localSpeaker) ? 1 : 0
        : probabilities[(chunk * frames + frame) * localSpeakers + localSpeaker];
  }
}
