package dev.diarist.nn.cpu;

import java.util.Arrays;

/**
 * y = relu(conv(x) + bias + residual) for 3×3 kernels, stride 1 and padding 1, through {@link
 * WinogradTransforms}: the tiles of all examples in a row, cut into items; of each item all input
 * tiles are transformed, multiplied position by position, and transformed back, while they are in
 * the cache.
 *
 * @param kernels transformed weights of each of the 36 positions, (channels of x, channels of y)
 * @param bias (channels of y in whole vectors)
 * @param residual laid out like y, or null
 * @param relu whether max(·, 0) is taken
 */
record WinogradConvolution(
    PanelProduct product,
    WinogradTransforms transforms,
    Panels[] kernels,
    float[] bias,
    boolean relu,
    Value x,
    Value residual,
    Value y)
    implements Step {
  private static final int TILE = WinogradTransforms.TILE;
  private static final int POSITIONS = WinogradTransforms.POSITIONS;

  /**
   * Floats of the transformed tiles that an item has in hand; a larger item reads the weights less
   * often, a smaller one stays in the level 2 cache.
   */
  private static final int ITEM_FLOATS = 1 << 17;

  /** Floats of the pixels that are transformed at once, so that the strip stays in the cache. */
  private static final int STRIP_FLOATS = 256;

  /** Keeps the positions of a tile apart in the cache, whose sets a power of two would share. */
  private static final int SKEW = 16;

  private Layout.Image in() {
    return (Layout.Image) x.layout();
  }

  private Layout.Image out() {
    return (Layout.Image) y.layout();
  }

  private int tilesPerRow() {
    return Math.ceilDiv(out().width(), TILE);
  }

  private int tilesPerExample() {
    return Math.ceilDiv(out().height(), TILE) * tilesPerRow();
  }

  private int tilesPerItem() {
    int floats = POSITIONS * (in().pixel() + kernels[0].paddedColumns());
    return PanelProduct.ROWS * Math.max(1, ITEM_FLOATS / floats / PanelProduct.ROWS);
  }

  @Override
  public int items(int batch) {
    return Math.ceilDiv(batch * tilesPerExample(), tilesPerItem());
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int first = item * tilesPerItem();
    int tiles = Math.min(tilesPerItem(), batch * tilesPerExample() - first);
    int rows = PanelProduct.wholeTiles(tiles);
    int depth = in().pixel();
    int columns = kernels[0].paddedColumns();
    int plane = rows * depth + SKEW; // from v[p,:,:] to v[p + 1,:,:]
    int outPlane = rows * columns + SKEW;
    float[] v = scratch.floats(Scratch.Use.INPUT, POSITIONS * plane);
    float[] m = scratch.floats(Scratch.Use.PRODUCT, POSITIONS * outPlane);

    transformInput(first, tiles, v, plane, scratch);
    for (int p = 0; p < POSITIONS; p++) {
      multiply(kernels[p], rows / PanelProduct.ROWS, v, p * plane, m, p * outPlane);
    }
    transformOutput(first, tiles, m, outPlane, scratch);
  }

  /** Tiles of a row of tiles at once, from the one that is number {@code tile} of all. */
  private int run(int tile, int left, int channels) {
    int inRow = tilesPerRow() - tile % tilesPerExample() % tilesPerRow();
    return Math.min(Math.min(left, inRow), Math.max(1, STRIP_FLOATS / channels));
  }

  private void transformInput(int first, int tiles, float[] v, int plane, Scratch scratch) {
    Layout.Image in = in();
    int channels = in.pixel();
    int run;
    for (int t = 0; t < tiles; t += run) {
      run = run(first + t, tiles - t, channels);
      float[] strip =
          scratch.floats(Scratch.Use.TILE, WinogradTransforms.inputStrip(run, channels));
      int inExample = (first + t) % tilesPerExample();
      int at = in.at(inExample / tilesPerRow() * TILE - 1, inExample % tilesPerRow() * TILE - 1);
      float[] image = x.example((first + t) / tilesPerExample());
      transforms.input(run, channels, image, at, in.row(), v, t * channels, plane, strip);
    }
  }

  /** m[p,:,:] = v[p,:,:] · kernels[p]. */
  private void multiply(Panels w, int groups, float[] v, int from, float[] m, int to) {
    int width = w.paddedColumns();
    for (int p = 0; p < w.count(); p++) {
      int n = p * w.width();
      int panel = p * w.depth() * w.width();
      product.multiply(
          groups,
          w.depth(),
          v,
          from,
          w.depth(),
          w.values(),
          panel,
          w.bias(),
          n,
          0,
          m,
          to + n,
          width);
    }
  }

  private void transformOutput(int first, int tiles, float[] m, int plane, Scratch scratch) {
    Layout.Image out = out();
    int columns = kernels[0].paddedColumns();
    int run;
    for (int t = 0; t < tiles; t += run) {
      run = run(first + t, tiles - t, columns);
      float[] strip =
          scratch.floats(Scratch.Use.TILE, WinogradTransforms.outputStrip(run, columns));
      int b = (first + t) / tilesPerExample();
      int inExample = (first + t) % tilesPerExample();
      int row = inExample / tilesPerRow() * TILE;
      int column = inExample % tilesPerRow() * TILE;
      int rows = Math.min(TILE, out.height() - row);
      transforms.output(
          run,
          out.pixel(),
          m,
          t * columns,
          columns,
          plane,
          bias,
          residual == null ? null : residual.example(b),
          relu,
          y.example(b),
          out.at(row, column),
          out.row(),
          rows,
          strip);
      for (int i = 0; i < rows; i++) { // what the last tile wrote beyond the image
        int end = Math.max(column + run * TILE, out.width());
        Arrays.fill(y.example(b), out.at(row + i, out.width()), out.at(row + i, end), 0);
      }
    }
  }
}
