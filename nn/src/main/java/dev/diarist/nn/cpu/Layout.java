package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTransforms;

/** Where the values of one example, in row-major order of their shape, lie in an array. */
sealed interface Layout {

  /** Floats that hold the values of one example. */
  int size();

  /** Copies values in this layout to row-major order, from {@code offset} on. */
  void toRowMajor(float[] from, float[] to, int offset);

  /** Copies row-major values into this layout; what lies between them is left alone. */
  void fromRowMajor(float[] from, float[] to);

  /**
   * (C, T) with the channels of one time side by side: a window of time is then one run of floats.
   */
  static Layout channelsLast(int channels, int time) {
    boolean same = channels == 1 || time == 1;
    return same ? new RowMajor(channels * time) : new ChannelsLast(channels, time);
  }

  record RowMajor(int size) implements Layout {
    @Override
    public void toRowMajor(float[] from, float[] to, int offset) {
      System.arraycopy(from, 0, to, offset, size);
    }

    @Override
    public void fromRowMajor(float[] from, float[] to) {
      System.arraycopy(from, 0, to, 0, size);
    }
  }

  /** Made by {@link #channelsLast}, which knows where it is row-major anyway. */
  record ChannelsLast(int channels, int time) implements Layout {
    @Override
    public int size() {
      return channels * time;
    }

    @Override
    public void toRowMajor(float[] from, float[] to, int offset) {
      for (int c = 0; c < channels; c++) {
        int row = offset + c * time; // to[c,:]
        for (int t = 0; t < time; t++) {
          to[row + t] = from[t * channels + c];
        }
      }
    }

    @Override
    public void fromRowMajor(float[] from, float[] to) {
      for (int c = 0; c < channels; c++) {
        int row = c * time; // from[c,:]
        for (int t = 0; t < time; t++) {
          to[t * channels + c] = from[row + t];
        }
      }
    }
  }

  /**
   * (C, H, W) as rows of pixels, the channels of a pixel side by side. Around the image lies a
   * border of zeros, for the padding of convolutions, and the image is rounded up to whole Winograd
   * tiles: a convolution then reads without asking where the image ends. A pixel is rounded up to
   * whole vectors, filled with zeros.
   *
   * <p>Whoever writes an image leaves all of those zeros as they are.
   *
   * @param pixel floats from one pixel to the next, at least C
   * @param border pixels on each side
   */
  record Image(int channels, int height, int width, int pixel, int border) implements Layout {
    /** Floats from one row of pixels to the next. */
    int row() {
      return (2 * border + Math.ceilDiv(width, WinogradTransforms.TILE) * WinogradTransforms.TILE)
          * pixel;
    }

    /** Where the first channel of a pixel lies; rows and columns may be those of the border. */
    int at(int y, int x) {
      return CacheLine.START + (y + border) * row() + (x + border) * pixel;
    }

    @Override
    public int size() {
      int tiles = Math.ceilDiv(height, WinogradTransforms.TILE);
      int rows = 2 * border + tiles * WinogradTransforms.TILE;
      return Math.addExact(CacheLine.START, Math.multiplyExact(rows, row()));
    }

    @Override
    public void toRowMajor(float[] from, float[] to, int offset) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
          int target = offset + (c * height + y) * width; // to[c,y,:]
          int source = at(y, 0) + c;
          for (int x = 0; x < width; x++) {
            to[target + x] = from[source + x * pixel];
          }
        }
      }
    }

    @Override
    public void fromRowMajor(float[] from, float[] to) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
          int source = (c * height + y) * width; // from[c,y,:]
          int target = at(y, 0) + c;
          for (int x = 0; x < width; x++) {
            to[target + x * pixel] = from[source + x];
          }
        }
      }
    }
  }
}
