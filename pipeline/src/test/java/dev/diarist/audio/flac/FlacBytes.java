package dev.diarist.audio.flac;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes FLAC streams in any way the format allows, however bad the compression. */
public final class FlacBytes {
  /** How a channel is coded. */
  public enum Coding {
    CONSTANT,
    VERBATIM,
    FIXED,
    LPC
  }

  /** What follows of the streams; each default is the plainest. */
  public Coding coding = Coding.FIXED;

  public int order = 2;
  public int wastedBits;

  /** 0 independent, 8 left and side, 9 side and right, 10 mid and side. */
  public int stereo;

  public int partitionOrder;
  public boolean wideRice;
  public boolean escape;
  public boolean variable;
  public int blockSize = 192;
  public boolean lengthUnknown;

  /** What the first frame is numbered with. */
  public long firstNumber;

  public byte[] tag = {};
  public byte[] seekTable = {};

  private final int sampleRate;
  private final int bits;

  /** Position of each frame from the first, and its first sample. */
  public final List<long[]> frames = new ArrayList<>();

  public FlacBytes(int sampleRate, int bits) {
    this.sampleRate = sampleRate;
    this.bits = bits;
  }

  /**
   * A whole stream.
   *
   * @param samples (channels, samples)
   */
  public byte[] encode(long[][] samples) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(tag);
    file.writeBytes("fLaC".getBytes(StandardCharsets.ISO_8859_1));
    int length = samples[0].length;
    Bits info = new Bits();
    info.put(seekTable.length == 0 ? 1 : 0, 1).put(0, 7).put(34, 24);
    info.put(blockSize, 16).put(blockSize, 16).put(0, 24).put(0, 24);
    info.put(sampleRate, 20).put(samples.length - 1, 3).put(bits - 1, 5);
    info.put(lengthUnknown ? 0 : length, 36);
    file.writeBytes(info.bytes());
    file.writeBytes(new byte[16]); // a checksum that nobody asks for
    if (seekTable.length > 0) {
      file.writeBytes(new Bits().put(1, 1).put(3, 7).put(seekTable.length, 24).bytes());
      file.writeBytes(seekTable);
    }
    int start = file.size();
    int number = 0;
    for (int at = 0; at < length; number++) {
      int size = variable ? 16 + (number * 37 + 11) % blockSize : blockSize;
      size = Math.min(size, length - at);
      frames.add(new long[] {file.size() - start, at});
      file.writeBytes(frame(samples, at, size, firstNumber + (variable ? at : number)));
      at += size;
    }
    return file.toByteArray();
  }

  private byte[] frame(long[][] samples, int from, int size, long number) {
    Bits out = new Bits();
    out.put(0x3FFE, 14).put(0, 1).put(variable ? 1 : 0, 1);
    out.put(7, 4).put(0, 4);
    out.put(stereo == 0 ? samples.length - 1 : stereo, 4).put(0, 3).put(0, 1);
    utf8(out, number);
    out.put(size - 1, 16);
    out.put(crc(out.bytes(), 8, 0x07), 8);
    for (int c = 0; c < samples.length; c++) {
      boolean side = stereo == 9 ? c == 0 : stereo != 0 && c == 1;
      subframe(out, channel(samples, c, from, size), bits + (side ? 1 : 0));
    }
    byte[] body = out.bytes();
    return ByteBuffer.allocate(body.length + 2)
        .put(body)
        .putShort((short) crc(body, 16, 0x8005))
        .array();
  }

  private long[] channel(long[][] samples, int c, int from, int size) {
    long[] channel = new long[size];
    for (int i = 0; i < size; i++) {
      long left = samples[0][from + i];
      long right = samples[samples.length - 1][from + i];
      channel[i] =
          switch (stereo) {
            case 8 -> c == 0 ? left : left - right;
            case 9 -> c == 0 ? left - right : right;
            case 10 -> c == 0 ? left + right >> 1 : left - right;
            default -> samples[c][from + i];
          };
    }
    return channel;
  }

  private void subframe(Bits out, long[] x, int width) {
    int coded = coding == Coding.FIXED || coding == Coding.LPC ? Math.min(order, x.length) : 0;
    Coding used = coding == Coding.LPC && coded == 0 ? Coding.VERBATIM : coding;
    int type =
        switch (used) {
          case CONSTANT -> 0;
          case VERBATIM -> 1;
          case FIXED -> 8 + coded;
          case LPC -> 32 + coded - 1;
        };
    out.put(0, 1).put(type, 6).put(wastedBits > 0 ? 1 : 0, 1);
    if (wastedBits > 0) {
      out.put(1, wastedBits); // zeros, then a one
    }
    long[] kept = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      kept[i] = x[i] >> wastedBits;
    }
    int raw = used == Coding.CONSTANT ? 1 : used == Coding.VERBATIM ? x.length : coded;
    for (int i = 0; i < raw; i++) {
      out.put(kept[i], width - wastedBits);
    }
    if (used == Coding.FIXED) {
      residual(out, kept, new int[][] {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}}[coded], 0);
    } else if (used == Coding.LPC) {
      int[] coefficients = new int[coded];
      for (int j = 0; j < coded; j++) {
        coefficients[j] = j == 0 ? 900 : (j * 7 % 5) - 2;
      }
      out.put(11, 4).put(10, 5); // 12 bits of precision, shifted by 10
      for (int coefficient : coefficients) {
        out.put(coefficient, 12);
      }
      residual(out, kept, coefficients, 10);
    }
  }

  private void residual(Bits out, long[] x, int[] coefficients, int shift) {
    int order = coefficients.length;
    int partitions =
        x.length % (1 << partitionOrder) == 0 && x.length >> partitionOrder >= order
            ? partitionOrder
            : 0;
    out.put(wideRice ? 1 : 0, 2).put(partitions, 4);
    int each = x.length >> partitions;
    for (int p = 0; p < 1 << partitions; p++) {
      long largest = 0;
      long[] e = new long[each];
      for (int k = 0; k < each; k++) {
        int i = p * each + k;
        long sum = 0;
        for (int j = 0; j < order && i >= order; j++) {
          sum += coefficients[j] * x[i - 1 - j];
        }
        e[k] = i < order ? 0 : x[i] - (sum >> shift);
        largest = Math.max(largest, Math.abs(e[k]));
      }
      int width = 64 - Long.numberOfLeadingZeros(largest) + 1;
      int from = p == 0 ? order : 0;
      int parameterBits = wideRice ? 5 : 4;
      int parameter = Math.min(Math.max(0, width - 3), wideRice ? 30 : 14);
      if (escape || width - parameter > 8) {
        out.put(-1, parameterBits).put(largest == 0 ? 0 : width, 5);
        for (int k = from; k < each && largest > 0; k++) {
          out.put(e[k], width);
        }
      } else {
        out.put(parameter, parameterBits);
        for (int k = from; k < each; k++) {
          long folded = e[k] << 1 ^ e[k] >> 63;
          for (long q = folded >> parameter; q > 0; q--) {
            out.put(0, 1);
          }
          out.put(1, 1).put(folded, parameter);
        }
      }
    }
  }

  private static void utf8(Bits out, long number) {
    if (number < 0x80) {
      out.put(number, 8);
      return;
    }
    int more = 1;
    while (number >> 6 * more + 6 - more != 0) {
      more++;
    }
    out.put(-1, more + 1).put(0, 1).put(number >> 6 * more, 6 - more);
    for (int i = more - 1; i >= 0; i--) {
      out.put(2, 2).put(number >> 6 * i, 6);
    }
  }

  /** Bit by bit, unlike the decoder's. */
  public static int crc(byte[] bytes, int width, int polynomial) {
    int crc = 0;
    for (byte b : bytes) {
      for (int bit = 7; bit >= 0; bit--) {
        int top = crc >> width - 1 & 1;
        crc = crc << 1 & (1 << width) - 1;
        if ((top ^ b >> bit & 1) != 0) {
          crc ^= polynomial;
        }
      }
    }
    return crc;
  }

  /** Bits, the highest of each byte first; the last byte is filled up with zeros. */
  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int count;

    /** The lowest {@code width} bits of a value. */
    Bits put(long value, int width) {
      for (int bit = width - 1; bit >= 0; bit--) {
        pending = pending << 1 | (int) (value >> bit & 1);
        if (++count == 8) {
          bytes.write(pending);
          pending = 0;
          count = 0;
        }
      }
      return this;
    }

    byte[] bytes() {
      byte[] whole = bytes.toByteArray();
      if (count == 0) {
        return whole;
      }
      byte[] padded = Arrays.copyOf(whole, whole.length + 1);
      padded[whole.length] = (byte) (pending << 8 - count);
      return padded;
    }
  }
}
