package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTransforms;
import java.util.Arrays;

/**
 * y = relu(conv(x) + bias + residual) for 3×3 kernels, stride 1 and padding 1, through {@link
 * WinogradTransforms}: the tiles of all examples in a row, cut into items. Of each item all input
 * tiles are transformed; then, panel by panel of the channels of y, multiplied position by position
 * and transformed back. What an item has in hand stays in the level 2 cache, while the weights,
 * which are too large for it, pass by once.
 *
 * @param kernels transformed weights of each of the 36 positions, (channels of x, channels of y)
 * @param bias (channels of y in whole panels) from {@link CacheLine#START} on
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
   * Floats of the transformed input tiles of an item, at most: a larger item reads the weights less
   * often, a smaller one leaves more of the level 2 cache to them.
   */
  private static final int ITEM_FLOATS = 3 << 17;

  /** Tiles of an item, at most, beyond which nothing is gained from reading weights less often. */
  private static final int ITEM_TILES = 8 * PanelProduct.ROWS;

  /** Floats of the pixels that are transformed at once, so that the strip stays in the cache. */
  private static final int STRIP_FLOATS = 256;

  /** Keeps the positions of a tile apart in the cache, whose sets a power of two would share. */
  private static final int SKEW = CacheLine.FLOATS;

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
    int tiles = Math.min(ITEM_FLOATS / (POSITIONS * in().pixel()), ITEM_TILES);
    return PanelProduct.ROWS * Math.max(1, tiles / PanelProduct.ROWS);
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
    int plane = rows * in().pixel() + SKEW; // from v[p,:,:] to v[p + 1,:,:]
    int width = kernels[0].width();
    int outPlane = rows * width + SKEW;
    float[] v = scratch.floats(Scratch.Use.INPUT, CacheLine.START + POSITIONS * plane);
    float[] m = scratch.floats(Scratch.Use.PRODUCT, CacheLine.START + POSITIONS * outPlane);

    transformInput(first, tiles, v, plane, scratch);
    for (int panel = 0; panel < kernels[0].count(); panel++) {
      for (int p = 0; p < POSITIONS; p++) {
        int from = CacheLine.START + p * plane;
        multiply(kernels[p], panel, rows, v, from, m, CacheLine.START + p * outPlane);
      }
      transformOutput(first, tiles, panel * width, m, outPlane, scratch);
    }
    clearBeyondImage(first, tiles);
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
      int to = CacheLine.START + t * channels; // v[0,t,:]
      transforms.input(run, channels, image, at, in.row(), v, to, plane, strip);
    }
  }

  /** m[p,:,:] = v[p,:,:] · a panel of kernels[p]. */
  private void multiply(Panels w, int panel, int rows, float[] v, int from, float[] m, int to) {
    int width = w.width();
    int depth = w.depth();
    product.multiply(
        rows / PanelProduct.ROWS,
        depth,
        v,
        from,
        depth,
        w.values(),
        w.panel(panel),
        w.bias(), // zeros
        CacheLine.START,
        0,
        m,
        to,
        width);
  }

  /** The channels of y from {@code channel} on that a panel holds. */
  private void transformOutput(
      int first, int tiles, int channel, float[] m, int plane, Scratch scratch) {
    Layout.Image out = out();
    int width = kernels[0].width();
    int channels = Math.min(width, out.pixel() - channel);
    int run;
    for (int t = 0; t < tiles; t += run) {
      run = run(first + t, tiles - t, width);
      float[] strip = scratch.floats(Scratch.Use.TILE, WinogradTransforms.outputStrip(run, width));
      int b = (first + t) / tilesPerExample();
      int inExample = (first + t) % tilesPerExample();
      int row = inExample / tilesPerRow() * TILE;
      int column = inExample % tilesPerRow() * TILE;
      transforms.output(
          run,
          channels,
          m,
          CacheLine.START + t * width,
          width,
          plane,
          bias,
          CacheLine.START + channel,
          residual == null ? null : residual.example(b),
          relu,
          y.example(b),
          out.at(row, column) + channel,
          out.pixel(),
          out.row(),
          Math.min(TILE, out.height() - row),
          strip);
    }
  }

  /** Takes away what the last tile of each row of tiles wrote beyond the image. */
  private void clearBeyondImage(int first, int tiles) {
    Layout.Image out = out();
    int perRow = tilesPerRow();
    for (int t = first / perRow * perRow + perRow - 1; t < first + tiles; t += perRow) {
      int row = t % tilesPerExample() / perRow * TILE;
      for (int i = row; i < Math.min(row + TILE, out.height()); i++) {
        float[] image = y.example(t / tilesPerExample());
        Arrays.fill(image, out.at(i, out.width()), out.at(i, perRow * TILE), 0);
      }
    }
  }
}
