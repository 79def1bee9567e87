package dev.diarist.segmentation;

/**
 * Which local speakers are active in each frame of each chunk.
 *
 * @param chunks C
 * @param frames F, in a chunk
 * @param localSpeakers S, at most 8
 * @param active (C, F): bit s of a byte is set where local speaker s is active; not modified
 * @param chunkWindow the chunks in the file
 * @param frameWindow the frames in a chunk, counted from its start
 */
public record Segmentation(
    int chunks,
    int frames,
    int localSpeakers,
    byte[] active,
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
  }

  public boolean isActive(int chunk, int frame, int localSpeaker) {
    return (active[chunk * frames + frame] >> localSpeaker & 1) != 0;
  }
}
