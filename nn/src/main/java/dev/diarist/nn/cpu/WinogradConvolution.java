package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTiles;
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
  private static final int POSITIONS = WinogradTransforms.POSITIONS;
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
  public int items(int batch) {
    return Math.ceilDiv(batch * tiles().perExample(), tilesPerItem());
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int first = item * tilesPerItem();
    int end = Math.min(first + tilesPerItem(), batch * tiles().perExample());
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
    for (int t = first; t < end; t += run) {
      run = tiles.run(t, end - t, channels);
      float[] strip =
          scratch.floats(Scratch.Use.TILE, WinogradTransforms.inputStrip(run, channels));
      int at = in.at(tiles.row(t) - 1, tiles.column(t) - 1);
      float[] image = x.example(tiles.example(t));
      int to = CacheLine.START + (t - first) * channels; // v[0,t,:]
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
    for (int t = first; t < end; t += run) {
      run = tiles.run(t, end - t, width);
      float[] strip = scratch.floats(Scratch.Use.TILE, WinogradTransforms.outputStrip(run, width));
      int b = tiles.example(t);
      transforms.output(
          run,
          channels,
          m,
          CacheLine.START + (t - first) * width,
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
    for (int t = tiles.lastOfRow(first); t < end; t += tiles.perRow()) {
      float[] image = y.example(tiles.example(t));
      for (int i = tiles.row(t); i < tiles.row(t) + tiles.rowsWithin(t); i++) {
        Arrays.fill(image, out.at(i, out.width()), out.at(i, tiles.paddedWidth()), 0);
      }
    }
  }
}
