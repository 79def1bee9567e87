package dev.diarist.nn.tornado;

/** How the values of one example lie in an array of the device. */
sealed interface Layout {

  /** Floats of one example. */
  int floats();

  /** In the order of the shape. */
  record RowMajor(int floats) implements Layout {}

  /**
   * (C, H, W) with the channels last, in a border of zeros, which convolutions read as padding. (C,
   * T) is an image of height 1 without a border.
   */
  record Image(int channels, int height, int width, int border) implements Layout {
    @Override
    public int floats() {
      return (height + 2 * border) * row();
    }

    /** Floats from one row to the next. */
    int row() {
      return (width + 2 * border) * channels;
    }

    /** Where element (0, 0, 0) lies. */
    int origin() {
      return border * row() + border * channels;
    }

    int size() {
      return channels * height * width;
    }
  }

  /** Transformed tiles, between the kernels of one convolution, which agree upon their order. */
  record Tiles(int floats) implements Layout {}

  /** (C, T) with the channels last. */
  static Image channelsLast(int channels, int time) {
    return new Image(channels, 1, time, 0);
  }
}
