package dev.diarist.audio.flac;

import java.io.IOException;
import java.util.Arrays;

/**
 * One channel of a frame: constant, verbatim, or what a predictor leaves over. Source: RFC 9639,
 * section 9.2.
 *
 * <p>Samples are long, because a side channel of 32-bit sound has 33 bits.
 */
final class Subframe {
  private static final int FIRST_FIXED = 8;
  private static final int LAST_FIXED = 12;
  private static final int FIRST_LPC = 32;

  /** Of the polynomial predictors of order 0 to 4; the nearest sample first. */
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private Subframe() {}

  /**
   * Decodes one channel.
   *
   * @param bits in a sample of this channel
   * @param samples overwritten from 0 to {@code blockSize}
   */
  static void read(BitInput in, int bits, int blockSize, long[] samples) throws IOException {
    if (in.unsigned(1) != 0) {
      throw damaged(in, "a subframe begins with a 1");
    }
    int type = (int) in.unsigned(6);
    int wasted = in.unsigned(1) == 0 ? 0 : in.unary() + 1;
    if (wasted >= bits) {
      throw damaged(in, "a subframe wastes %d of its %d bits".formatted(wasted, bits));
    }
    int used = bits - wasted;
    if (type == 0) {
      Arrays.fill(samples, 0, blockSize, in.signed(used));
    } else if (type == 1) {
      verbatim(in, used, blockSize, samples);
    } else if (type >= FIRST_FIXED && type <= LAST_FIXED) {
      int order = type - FIRST_FIXED;
      warmUp(in, used, order, blockSize, samples);
      residual(in, order, blockSize, samples);
      predict(FIXED[order], 0, blockSize, samples);
    } else if (type >= FIRST_LPC) {
      lpc(in, used, type - FIRST_LPC + 1, blockSize, samples);
    } else {
      throw damaged(in, "a subframe has the reserved type " + type);
    }
    for (int i = 0; wasted > 0 && i < blockSize; i++) {
      samples[i] <<= wasted;
    }
  }

  private static void verbatim(BitInput in, int bits, int count, long[] samples)
      throws IOException {
    for (int i = 0; i < count; i++) {
      samples[i] = in.signed(bits);
    }
  }

  private static void warmUp(BitInput in, int bits, int order, int blockSize, long[] samples)
      throws IOException {
    if (order > blockSize) {
      throw damaged(in, "a predictor of order %d has %d samples".formatted(order, blockSize));
    }
    verbatim(in, bits, order, samples);
  }

  private static void lpc(BitInput in, int bits, int order, int blockSize, long[] samples)
      throws IOException {
    warmUp(in, bits, order, blockSize, samples);
    int precision = (int) in.unsigned(4) + 1;
    int shift = (int) in.signed(5);
    if (precision == 16 || shift < 0) {
      throw damaged(in, "a predictor has a reserved precision or shift");
    }
    int[] coefficients = new int[order];
    for (int i = 0; i < order; i++) {
      coefficients[i] = (int) in.signed(precision);
    }
    residual(in, order, blockSize, samples);
    predict(coefficients, shift, blockSize, samples);
  }

  /**
   * samples[i] += (Σⱼ coefficients[j]·samples[i−1−j]) ≫ shift, from the first after the warm-up.
   */
  private static void predict(int[] coefficients, int shift, int blockSize, long[] samples) {
    int order = coefficients.length;
    for (int i = order; i < blockSize; i++) {
      long sum = 0;
      for (int j = 0; j < order; j++) {
        sum += coefficients[j] * samples[i - 1 - j];
      }
      samples[i] += sum >> shift;
    }
  }

  /** Rice codes in partitions, each with a parameter or with samples of a fixed width. */
  private static void residual(BitInput in, int order, int blockSize, long[] samples)
      throws IOException {
    int method = (int) in.unsigned(2);
    if (method > 1) {
      throw damaged(in, "a residual has the reserved coding " + method);
    }
    int parameterBits = 4 + method;
    int escape = (1 << parameterBits) - 1;
    int partitionOrder = (int) in.unsigned(4);
    int partition = blockSize >> partitionOrder;
    if (partition << partitionOrder != blockSize || partition < order) {
      throw damaged(
          in,
          "%d samples after %d of warm-up do not fall into %d partitions"
              .formatted(blockSize, order, 1 << partitionOrder));
    }
    int at = order;
    for (int end = partition; end <= blockSize; end += partition) {
      int parameter = (int) in.unsigned(parameterBits);
      if (parameter == escape) {
        int bits = (int) in.unsigned(5);
        for (; at < end; at++) {
          samples[at] = bits == 0 ? 0 : in.signed(bits);
        }
      } else {
        for (; at < end; at++) {
          long folded = (long) in.unary() << parameter | in.unsigned(parameter);
          samples[at] = folded >>> 1 ^ -(folded & 1); // 0, −1, 1, −2, 2, …
        }
      }
    }
  }

  private static FlacException damaged(BitInput in, String reason) {
    return new FlacException("is damaged: near byte %d %s".formatted(in.position(), reason));
  }
}
