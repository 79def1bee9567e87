package dev.diarist.nn.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The columns of its image that a convolution computes, in blocks: all of them, unless {@link
 * HeardColumns} has told for an example which ones are heard.
 */
final class Columns {
  private final int block;
  private final int width;
  private final int[] all;

  /** The numbers of the blocks of each example, ascending. */
  private int[][] computed = new int[0][];

  /**
   * @param width of the image
   * @param block columns that are computed together; the last block may have fewer
   */
  Columns(int width, int block) {
    this.width = width;
    this.block = block;
    all = IntStream.range(0, Math.ceilDiv(width, block)).toArray();
  }

  int width() {
    return width;
  }

  int block() {
    return block;
  }

  /** The numbers of the blocks to compute, ascending; not to be modified. */
  int[] blocks(int example) {
    return example < computed.length ? computed[example] : all;
  }

  /** Whether some block of an example is not computed. */
  boolean leavesOut(int example) {
    return blocks(example).length < all.length;
  }

  /**
   * Says which columns are needed of each example of a run; the blocks that hold them are computed.
   *
   * @param needed (examples, width)
   */
  void need(boolean[][] needed) {
    int[][] holding = new int[needed.length][];
    for (int b = 0; b < needed.length; b++) {
      holding[b] = blocksOf(needed[b]);
    }
    computed = holding;
  }

  private int[] blocksOf(boolean[] needed) {
    int[] blocks = new int[all.length];
    int count = 0;
    for (int column = 0; column < needed.length; column++) {
      int number = column / block;
      if (needed[column] && (count == 0 || blocks[count - 1] < number)) {
        blocks[count++] = number;
      }
    }
    return Arrays.copyOf(blocks, count);
  }
}
