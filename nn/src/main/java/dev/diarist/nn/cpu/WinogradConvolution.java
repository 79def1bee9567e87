package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTiles;
import dev.diarist.nn.backend.WinogradTransforms;
import java.util.Arrays;

/**
 * y = relu(conv(x) + bias + residual) for 3×3 kernels, stride 1 and padding 1, through {@link
 * WinogradTransforms}: the tiles of all examples in a row, but for those in columns that need not
 * be computed, cut into items. Of each item all input tiles are transformed; then, panel by panel
 * of the channels of y, multiplied position by position and transformed back. What an item has in
 * hand stays in the level 2 cache, while the weights, which are too large for it, pass by once.
 *
 * @param kernels transformed weights of each of the 36 positions, (channels of x, channels of y)
 * @param bias (channels of y in whole panels) from {@link CacheLine#START} on
 * @param residual laid out like y, or null
 * @param relu whether max(·, 0) is taken
 * @param columns of y, a tile to a block
 */
record WinogradConvolution(
    PanelProduct product,
    WinogradTransforms transforms,
    Panels[] kernels,
    float[] bias,
    boolean relu,
    Value x,
    Value residual,
    Value y,
    Columns columns)
    implements ImageStep {
  private static final int POSITIONS = WinogradTransforms.POSITIONS;
  private static final int KERNEL = 3;
  private static final int SKEW = WinogradTiles.SKEW;

  private Layout.Image in() {
    return (Layout.Image) x.layout();
  }

  private Layout.Image out() {
    return (Layout.Image) y.layout();
  }

  private WinogradTiles tiles() {
    return new WinogradTiles(out().height(), out().width());
  }

  private int tilesPerItem() {
    return WinogradTiles.perItem(in().pixel(), PanelProduct.ROWS);
  }

  @Override
  public int kernel() {
    return KERNEL;
  }

  @Override
  public int stride() {
    return 1;
  }

  @Override
  public int padding() {
    return KERNEL / 2;
  }

  /** Tiles of an example that are computed. */
  private int computed(int example) {
    return tiles().perExample() / tiles().perRow() * columns.blocks(example).length;
  }

  private int computedOfAll(int batch) {
    int sum = 0;
    for (int b = 0; b < batch; b++) {
      sum += computed(b);
    }
    return sum;
  }

  /** The number among all tiles of one that is computed, by its number among those. */
  private int tile(int number) {
    int left = number;
    int b = 0;
    while (left >= computed(b)) {
      left -= computed(b++);
    }
    int[] blocks = columns.blocks(b);
    int row = left / blocks.length;
    return b * tiles().perExample() + row * tiles().perRow() + blocks[left % blocks.length];
  }

  /** Tiles beside each other that are transformed at once, see {@link WinogradTiles#run}. */
  private int run(int number, int tile, int left, int channels) {
    int run = tiles().run(tile, left, channels);
    while (tile(number + run - 1) != tile + run - 1) {
      run--;
    }
    return run;
  }

  @Override
  public int items(int batch) {
    return Math.ceilDiv(computedOfAll(batch), tilesPerItem());
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int first = item * tilesPerItem();
    int end = Math.min(first + tilesPerItem(), computedOfAll(batch));
    int rows = PanelProduct.wholeTiles(end - first);
    int plane = rows * in().pixel() + SKEW; // from v[p,:,:] to v[p + 1,:,:]
    int width = kernels[0].width();
    int outPlane = rows * width + SKEW;
    float[] v = scratch.floats(Scratch.Use.INPUT, CacheLine.START + POSITIONS * plane);
    float[] m = scratch.floats(Scratch.Use.PRODUCT, CacheLine.START + POSITIONS * outPlane);

    transformInput(first, end, v, plane, scratch);
    for (int panel = 0; panel < kernels[0].count(); panel++) {
      for (int p = 0; p < POSITIONS; p++) {
        int from = CacheLine.START + p * plane;
        multiply(kernels[p], panel, rows, v, from, m, CacheLine.START + p * outPlane);
      }
      transformOutput(first, end, panel * width, m, outPlane, scratch);
    }
    clearBeyondImage(first, end);
  }

  private void transformInput(int first, int end, float[] v, int plane, Scratch scratch) {
    WinogradTiles tiles = tiles();
    Layout.Image in = in();
    int channels = in.pixel();
    int run;
    for (int i = first; i < end; i += run) {
      int t = tile(i);
      run = run(i, t, end - i, channels);
      float[] strip =
          scratch.floats(Scratch.Use.TILE, WinogradTransforms.inputStrip(run, channels));
      int at = in.at(tiles.row(t) - 1, tiles.column(t) - 1);
      float[] image = x.example(tiles.example(t));
      int to = CacheLine.START + (i - first) * channels; // v[0,i,:]
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
      int first, int end, int channel, float[] m, int plane, Scratch scratch) {
    WinogradTiles tiles = tiles();
    Layout.Image out = out();
    int width = kernels[0].width();
    int channels = Math.min(width, out.pixel() - channel);
    int run;
    for (int i = first; i < end; i += run) {
      int t = tile(i);
      run = run(i, t, end - i, width);
      float[] strip = scratch.floats(Scratch.Use.TILE, WinogradTransforms.outputStrip(run, width));
      int b = tiles.example(t);
      transforms.output(
          run,
          channels,
          m,
          CacheLine.START + (i - first) * width,
          width,
          plane,
          bias,
          CacheLine.START + channel,
          residual == null ? null : residual.example(b),
          relu,
          y.example(b),
          out.at(tiles.row(t), tiles.column(t)) + channel,
          out.pixel(),
          out.row(),
          tiles.rowsWithin(t),
          strip);
    }
  }

  /** Takes away what the last tile of each row of tiles wrote beyond the image. */
  private void clearBeyondImage(int first, int end) {
    WinogradTiles tiles = tiles();
    Layout.Image out = out();
    for (int i = first; i < end; i++) {
      int t = tile(i);
      if (t == tiles.lastOfRow(t)) {
        float[] image = y.example(tiles.example(t));
        for (int row = tiles.row(t); row < tiles.row(t) + tiles.rowsWithin(t); row++) {
          Arrays.fill(image, out.at(row, out.width()), out.at(row, tiles.paddedWidth()), 0);
        }
      }
    }
  }
}
