package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.WinogradTiles;
import dev.diarist.nn.backend.WinogradTransforms;
import dev.diarist.nn.graph.Op;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The launches of the kernels of {@link Winograd}. */
final class WinogradLaunches {
  /**
   * Input channels from which on the transforms cost less than the products that they save. On PoCL
   * 16 channels take three quarters of the time of their definition, 32 less than half.
   */
  private static final int CHANNELS = 16;

  /** Threads of a work-group of the product that share tiles. */
  private static final int BLOCKS_ACROSS = 4;

  /** Threads of a work-group of the product that share channels. */
  private static final int BLOCKS_DOWN = 16;

  private final Values values;
  private final List<Step> steps;

  WinogradLaunches(Values values, List<Step> steps) {
    this.values = values;
    this.steps = steps;
  }

  /** Whether a convolution can be, and is better, computed this way. */
  static boolean fits(Op.Conv2d op, int channels) {
    return op.kernel() == 3 && op.stride() == 1 && op.padding() == 1 && channels >= CHANNELS;
  }

  /** How the tiles of a convolution are counted. */
  private record Tiles(int across, int count) {
    static Tiles of(Layout.Image image) {
      WinogradTiles tiles = new WinogradTiles(image.height(), image.width());
      return new Tiles(tiles.perRow(), tiles.perExample());
    }

    /** Up to whole blocks of the product. */
    int filled() {
      return Math.ceilDiv(count, Winograd.TILES) * Winograd.TILES;
    }
  }

  /**
   * A convolution with kernels of 3×3, stride 1 and padding 1.
   *
   * @param residual laid out as y, or null
   */
  Value images(DeviceWeights.Matrix matrix, float slope, Value x, Value residual, Value y) {
    Tiles tiles = Tiles.of(y.image());
    int floats = WinogradTransforms.POSITIONS * tiles.filled();
    Value v = values.take(new Layout.Tiles(floats * Winograd.filled(x.image().channels())));
    Value m = values.take(new Layout.Tiles(floats * Winograd.filled(y.image().channels())));
    input(tiles, x, v);
    products(tiles, matrix.values(), x.image().channels(), v, y.image().channels(), m);
    output(tiles, matrix.bias(), slope, m, residual, y);
    v.buffer().release();
    m.buffer().release();
    return y;
  }

  private void input(Tiles tiles, Value x, Value v) {
    KernelContext context = new KernelContext();
    Layout.Image in = x.image();
    int at = in.origin() - in.row() - in.channels();
    int row = in.row();
    int example = in.floats();
    int height = in.height();
    int width = in.width();
    int channels = in.channels();
    int across = tiles.across();
    int filled = tiles.filled();
    int filledChannels = Winograd.filled(channels);
    steps.add(
        new Step.Launch(
            List.of(x, v),
            List.of(),
            Step.grid(channels, Winograd.LANES, tiles.count() * Winograd.INPUT, Winograd.INPUT),
            (graph, name) ->
                graph.task(
                    name,
                    Winograd::input,
                    context,
                    x.array(),
                    v.array(),
                    at,
                    row,
                    example,
                    height,
                    width,
                    channels,
                    across,
                    filled,
                    filledChannels)));
  }

  private void products(Tiles tiles, FloatArray weights, int depth, Value v, int outs, Value m) {
    KernelContext context = new KernelContext();
    int filled = tiles.filled();
    int filledDepth = Winograd.filled(depth);
    int channels = Winograd.filled(outs);
    steps.add(
        new Step.Launch(
            List.of(v, m),
            List.of(weights),
            Step.grid(
                channels / Winograd.CHANNELS,
                BLOCKS_ACROSS,
                WinogradTransforms.POSITIONS * filled / Winograd.TILES,
                BLOCKS_DOWN),
            (graph, name) ->
                graph.task(
                    name,
                    Winograd::products,
                    context,
                    v.array(),
                    weights,
                    m.array(),
                    filled,
                    depth,
                    filledDepth,
                    channels)));
  }

  private void output(Tiles tiles, FloatArray bias, float slope, Value m, Value residual, Value y) {
    KernelContext context = new KernelContext();
    FloatArray slopes = FloatArray.fromElements(slope);
    FloatArray nothing = FloatArray.fromElements(0); // in the place of a residual
    Layout.Image out = y.image();
    int height = out.height();
    int width = out.width();
    int channels = out.channels();
    int border = out.border();
    int across = tiles.across();
    int filled = tiles.filled();
    int filledChannels = Winograd.filled(channels);
    int share = residual == null ? 0 : 1;
    steps.add(
        new Step.Launch(
            residual == null ? List.of(m, y) : List.of(m, residual, y),
            residual == null ? List.of(bias, nothing, slopes) : List.of(bias, slopes),
            Step.grid(channels, Winograd.LANES, tiles.count() * Winograd.INPUT, Winograd.INPUT),
            (graph, name) ->
                graph.task(
                    name,
                    Winograd::output,
                    context,
                    m.array(),
                    bias,
                    residual == null ? nothing : residual.array(),
                    y.array(),
                    height,
                    width,
                    channels,
                    across,
                    filled,
                    filledChannels,
                    border,
                    share,
                    slopes)));
  }
}
