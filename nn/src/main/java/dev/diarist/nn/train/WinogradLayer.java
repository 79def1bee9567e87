package dev.diarist.nn.train;

import dev.diarist.nn.backend.WinogradTiles;
import dev.diarist.nn.backend.WinogradTransforms;
import java.util.Arrays;

/**
 * A convolution of 3×3 kernels with stride 1 and padding 1 over images, and its gradients, through
 * {@link WinogradTransforms}: a quarter of the products that {@link ProductLayer} takes. With u the
 * transformed kernels, v the transformed tiles of x, and m the products of each of the 36
 * positions:
 *
 * <pre>
 * m = v·u      ∂u = vᵀ·∂m      ∂x = the convolution of ∂y with the kernels turned around
 * </pre>
 *
 * <p>Letters: {@code C} channels of x, {@code N} of y, {@code P} positions.
 */
final class WinogradLayer implements Layer {
  private static final int POSITIONS = WinogradTransforms.POSITIONS;
  private static final int KERNEL = 9;
  private static final int SKEW = WinogradTiles.SKEW;

  private final Products products;
  private final WinogradTransforms transforms;
  private final Parameter weight;
  private final WinogradTiles tiles;
  private final Images x;
  private final Images y;
  private final Transformed forward;
  private final Transformed backward;

  /** The images of a batch. */
  private record Images(Grid grid, Storage storage) {
    int at(int example, int row, int column) {
      return example * storage.size() + grid.at(row) + column * grid.channels();
    }

    int channels() {
      return grid.channels();
    }
  }

  /**
   * Transformed kernels.
   *
   * @param values (P, I, O) for I channels that come in and O that go out, of each position in
   *     panels
   */
  private record Transformed(WeightMatrix[] positions, float[][] values) {
    static Transformed of(int in, int out, Products products) {
      float[][] values = new float[POSITIONS][in * out];
      WeightMatrix[] positions = new WeightMatrix[POSITIONS];
      for (int p = 0; p < POSITIONS; p++) {
        positions[p] = WeightMatrix.plain(values[p], out, in, products.kernels());
      }
      return new Transformed(positions, values);
    }

    WeightMatrix any() {
      return positions[0];
    }
  }

  WinogradLayer(Products products, Parameter weight, Grid gx, Grid gy, Storage in, Storage out) {
    this.products = products;
    this.transforms = products.kernels().winograd();
    this.weight = weight;
    this.tiles = new WinogradTiles(gx.height(), gx.width());
    this.x = new Images(gx, in);
    this.y = new Images(gy, out);
    forward = Transformed.of(gx.channels(), gy.channels(), products);
    backward = in.wantsGradient() ? Transformed.of(gy.channels(), gx.channels(), products) : null;
  }

  /** Whether images of so many channels can be transformed. */
  static boolean fits(int channels, Products products) {
    return channels % (products.kernels().panelColumns() / 2) == 0;
  }

  @Override
  public void forward(Pass pass) {
    pack(forward, false, pass);
    convolve(x, x.storage().value(), forward, y, y.storage().value(), pass);
  }

  /** Reads the weights (N, C, 3, 3) again, and transforms them. */
  private void pack(Transformed kernels, boolean turned, Pass pass) {
    int in = kernels.any().depth();
    pass.threads()
        .each(
            kernels.any().rows(),
            (o, scratch) -> {
              float[] g = new float[KERNEL];
              double[] u = new double[POSITIONS];
              for (int i = 0; i < in; i++) {
                int at = (turned ? i * x.channels() + o : o * in + i) * KERNEL; // weight[n,c,:,:]
                for (int k = 0; k < KERNEL; k++) {
                  g[k] = weight.value()[at + (turned ? KERNEL - 1 - k : k)];
                }
                WinogradTransforms.kernel(g, 0, u);
                for (int p = 0; p < POSITIONS; p++) {
                  kernels.values()[p][o * in + i] = (float) u[p];
                }
              }
            });
    pass.threads().each(POSITIONS, (p, scratch) -> kernels.positions()[p].pack(false));
  }

  private int tilesPerItem() {
    int channels = Math.max(x.channels(), y.channels());
    return WinogradTiles.perItem(channels, products.kernels().tileRows());
  }

  private int items(int batch) {
    return Math.ceilDiv(batch * tiles.perExample(), tilesPerItem());
  }

  /** One beyond the last tile of an item. */
  private int end(int item, int batch) {
    return Math.min((item + 1) * tilesPerItem(), batch * tiles.perExample());
  }

  /** to = from ∗ kernels; what of {@code to} lies beyond the images is left 0. */
  private void convolve(
      Images in, float[] from, Transformed kernels, Images out, float[] to, Pass pass) {
    int batch = pass.batch();
    pass.threads()
        .each(
            items(batch),
            (item, scratch) -> {
              int first = item * tilesPerItem();
              int end = end(item, batch);
              int rows = products.wholeTiles(end - first);
              int plane = rows * in.channels() + SKEW;
              float[] v = scratch.floats(Scratch.Use.TILES, POSITIONS * plane);
              transformInput(in, from, first, end, v, plane, scratch);
              int columns = kernels.any().paddedRows();
              int width = products.kernels().panelColumns();
              for (int n = 0; n < columns; n += width) {
                int panel = Math.min(width, columns - n);
                float[] zeros = scratch.floats(Scratch.Use.PANEL, panel);
                Arrays.fill(zeros, 0, panel, 0);
                product(kernels, n, panel, rows, v, plane, zeros, scratch);
                transformOutput(out, to, first, end, n, panel, rows, zeros, scratch);
              }
              clearBeyond(out, to, first, end);
            });
  }

  private void transformInput(
      Images in, float[] from, int first, int end, float[] v, int plane, Scratch scratch) {
    int channels = in.channels();
    int run;
    for (int t = first; t < end; t += run) {
      run = tiles.run(t, end - t, channels);
      int size = WinogradTransforms.inputStrip(run, channels);
      float[] strip = scratch.floats(Scratch.Use.STRIP, size);
      int at = in.at(tiles.example(t), tiles.row(t) - 1, tiles.column(t) - 1);
      int to = (t - first) * channels; // v[0,t,:]
      transforms.input(run, channels, from, at, in.grid().row(), v, to, plane, strip);
    }
  }

  /** m[p,:,:] = v[p,:,:] · columns of kernels[p] from {@code n} on. */
  private void product(
      Transformed kernels,
      int n,
      int panel,
      int rows,
      float[] v,
      int plane,
      float[] zeros,
      Scratch scratch) {
    int outPlane = rows * panel + SKEW;
    float[] m = scratch.floats(Scratch.Use.PRODUCT, POSITIONS * outPlane);
    for (int p = 0; p < POSITIONS; p++) {
      WeightMatrix u = kernels.positions()[p];
      products.panel(
          rows / products.kernels().tileRows(),
          u.depth(),
          v,
          p * plane,
          u.depth(),
          u.forward(),
          n * u.depth(),
          panel,
          zeros,
          0,
          0,
          m,
          p * outPlane,
          panel);
    }
  }

  private void transformOutput(
      Images out,
      float[] to,
      int first,
      int end,
      int channel,
      int panel,
      int rows,
      float[] zeros,
      Scratch scratch) {
    int plane = rows * panel + SKEW;
    float[] m = scratch.floats(Scratch.Use.PRODUCT, POSITIONS * plane);
    int run;
    for (int t = first; t < end; t += run) {
      run = tiles.run(t, end - t, panel);
      int size = WinogradTransforms.outputStrip(run, panel);
      transforms.output(
          run,
          panel,
          m,
          (t - first) * panel,
          panel,
          plane,
          zeros,
          0,
          null,
          false,
          to,
          out.at(tiles.example(t), tiles.row(t), tiles.column(t)) + channel,
          out.channels(),
          out.grid().row(),
          tiles.rowsWithin(t),
          scratch.floats(Scratch.Use.STRIP, size));
    }
  }

  /** Takes away what the last tile of each row of tiles wrote beyond the image. */
  private void clearBeyond(Images out, float[] to, int first, int end) {
    for (int t = tiles.lastOfRow(first); t < end; t += tiles.perRow()) {
      int b = tiles.example(t);
      for (int i = tiles.row(t); i < tiles.row(t) + tiles.rowsWithin(t); i++) {
        Arrays.fill(to, out.at(b, i, tiles.width()), out.at(b, i, tiles.paddedWidth()), 0);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    float[] gy = y.storage().takeGradient();
    if (gy == null) {
      return;
    }
    if (weight.trainable()) {
      weightGradient(gy, pass);
    }
    if (x.storage().wantsGradient()) {
      pack(backward, true, pass);
      float[] gx = pass.pool().takeZeros(pass.batch() * x.storage().size());
      convolve(y, gy, backward, x, gx, pass);
      x.storage().receive(gx, pass);
    }
    pass.pool().give(gy);
  }

  private void weightGradient(float[] gy, Pass pass) {
    int batch = pass.batch();
    int items = items(batch);
    int groups = Math.min(Products.PARTIALS, items);
    int size = products.partialSize(forward.any());
    float[][] partials = new float[groups][];
    Arrays.setAll(partials, g -> pass.pool().takeZeros(POSITIONS * size));
    pass.threads()
        .each(
            groups,
            (g, scratch) -> {
              int end = (int) ((long) (g + 1) * items / groups);
              for (int item = (int) ((long) g * items / groups); item < end; item++) {
                add(item, batch, gy, partials[g], size, scratch);
              }
            });
    pass.threads().each(POSITIONS, (p, scratch) -> sum(partials, p * size, (p + 1) * size));
    pass.threads().each(x.channels(), (c, scratch) -> addGradient(c, partials[0], size));
    Arrays.stream(partials).forEach(pass.pool()::give);
  }

  /** partial[p,:,:] += v[p,:,:]ᵀ · ∂m[p,:,:] of the tiles of an item. */
  private void add(int item, int batch, float[] gy, float[] partial, int size, Scratch scratch) {
    int first = item * tilesPerItem();
    int end = end(item, batch);
    int count = end - first;
    int rows = products.wholeTiles(count);
    int plane = rows * x.channels() + SKEW;
    float[] v = scratch.floats(Scratch.Use.TILES, POSITIONS * plane);
    transformInput(x, x.storage().value(), first, end, v, plane, scratch);
    int outPlane = rows * y.channels() + SKEW;
    float[] m = scratch.floats(Scratch.Use.PRODUCT, POSITIONS * outPlane);
    transformGradient(gy, first, end, m, outPlane, scratch);
    for (int p = 0; p < POSITIONS; p++) {
      Rows left = new Rows(v, p * plane, x.channels(), count);
      Rows right = new Rows(m, p * outPlane, y.channels(), count);
      products.weightGradient(left, right, forward.any(), partial, p * size);
    }
  }

  private void transformGradient(
      float[] gy, int first, int end, float[] m, int plane, Scratch scratch) {
    int channels = y.channels();
    int run;
    for (int t = first; t < end; t += run) {
      run = tiles.run(t, end - t, channels);
      int size = WinogradTransforms.gradientStrip(run, channels);
      float[] strip = scratch.floats(Scratch.Use.STRIP, size);
      int at = y.at(tiles.example(t), tiles.row(t), tiles.column(t));
      int to = (t - first) * channels; // m[0,t,:]
      transforms.gradient(run, channels, gy, at, y.grid().row(), m, to, plane, strip);
    }
  }

  /** The first of partial sums becomes the sum of all, in their order. */
  private static void sum(float[][] partials, int from, int to) {
    for (int i = from; i < to; i++) {
      double sum = 0;
      for (float[] partial : partials) {
        sum += partial[i];
      }
      partials[0][i] = (float) sum;
    }
  }

  /** Adds the gradient by the kernels of one channel of x. */
  private void addGradient(int c, float[] byTransformed, int size) {
    int columns = forward.any().paddedRows();
    double[] u = new double[POSITIONS];
    for (int n = 0; n < y.channels(); n++) {
      for (int p = 0; p < POSITIONS; p++) {
        u[p] = byTransformed[p * size + c * columns + n];
      }
      double[] gradient = WinogradTransforms.kernelGradient(u);
      int to = (n * x.channels() + c) * KERNEL; // weight[n,c,:,:]
      for (int k = 0; k < KERNEL; k++) {
        weight.gradient()[to + k] += (float) gradient[k];
      }
    }
  }
}
