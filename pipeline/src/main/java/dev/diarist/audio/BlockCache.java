package dev.diarist.audio;

import java.io.IOException;
import java.util.Arrays;

/** The blocks of a signal that were read last, because chunks overlap. */
final class BlockCache {
  private static final int BLOCK_SAMPLES = 1 << 14;
  private static final long NONE = -1;

  /** Where blocks come from. */
  @FunctionalInterface
  interface Blocks {
    /**
     * @param target overwritten from 0 to {@code count}
     */
    void read(long firstSample, int count, float[] target) throws IOException;
  }

  private final Blocks source;
  private final long samples;
  private final float[][] blocks;

  /** The number of the block that each slot holds. */
  private final long[] held;

  /**
   * @param samples length of the signal
   * @param span samples that are kept where reads move on
   */
  BlockCache(Blocks source, long samples, long span) {
    this.source = source;
    this.samples = samples;
    long needed = Math.min(span, samples);
    int slots = Math.toIntExact(Math.ceilDiv(needed, (long) BLOCK_SAMPLES)) + 1;
    blocks = new float[slots][];
    held = new long[slots];
    Arrays.fill(held, NONE);
  }

  /** Reads samples that all exist. */
  void read(long firstSample, int count, float[] target, int offset) throws IOException {
    int done = 0;
    while (done < count) {
      long block = (firstSample + done) / BLOCK_SAMPLES;
      int from = (int) (firstSample + done - block * BLOCK_SAMPLES);
      int part = Math.min(BLOCK_SAMPLES - from, count - done);
      System.arraycopy(block(block), from, target, offset + done, part);
      done += part;
    }
  }

  private float[] block(long number) throws IOException {
    int slot = (int) (number % held.length);
    if (held[slot] != number) {
      long first = number * BLOCK_SAMPLES;
      int count = (int) Math.min(BLOCK_SAMPLES, samples - first);
      if (blocks[slot] == null || blocks[slot].length < count) {
        blocks[slot] = new float[count];
      }
      held[slot] = NONE; // half a block must not look whole where reading fails
      source.read(first, count, blocks[slot]);
      held[slot] = number;
    }
    return blocks[slot];
  }
}
