package dev.diarist.nn.train;

import java.util.Arrays;

/**
 * y = x·Wᵀ + b over rows of x that may overlap: the windows of a convolution, over time or over
 * images, or the rows of a linear layer. With the channels last, a window over time is one run of
 * floats and one over an image a run for each row of the kernel; no window is copied.
 */
final class ProductLayer implements Layer {
  /** Rows of a part of a row of pixels; so that one long example keeps several threads busy. */
  private static final int SPAN = 2048;

  /**
   * How y is read from x.
   *
   * @param x with a border of at least {@code padding}
   * @param kernelRows of the kernel of an image, otherwise 1
   * @param flat whether the examples of a batch are rows like others, one behind the other
   */
  record Geometry(Grid x, Grid y, int kernelRows, int stride, int padding, boolean flat) {

    /** Where the window of the first pixel of row {@code row} of y begins in an example of x. */
    int window(int row, int kernelRow) {
      return x.at(row * stride - padding + kernelRow) - padding * x.channels();
    }
  }

  private final Geometry geometry;
  private final Products products;
  private final Filters filters;
  private final Parameter bias;
  private final WeightMatrix[] matrices;
  private final WeightMatrix[] turned;
  private final float[] start;
  private final float[] zeros;
  private final Storage in;
  private final Storage out;

  /**
   * @param matrices of the filters, one for each row of the kernel
   * @param turned where the gradient by x is a convolution of that by y, the matrices of its
   *     filters, which are these turned around; null elsewhere
   * @param bias null where there is none
   */
  ProductLayer(
      Geometry geometry,
      Products products,
      Filters filters,
      Parameter bias,
      WeightMatrix[] matrices,
      WeightMatrix[] turned,
      Storage in,
      Storage out) {
    this.geometry = geometry;
    this.products = products;
    this.filters = filters;
    this.bias = bias;
    this.matrices = matrices;
    this.turned = turned;
    this.start = new float[matrices[0].paddedRows()];
    this.zeros = new float[turned == null ? 0 : turned[0].paddedRows()];
    this.in = in;
    this.out = out;
  }

  private int width(int batch) {
    return geometry.flat() ? batch * geometry.y().width() : geometry.y().width();
  }

  private int spans(int batch) {
    return Math.ceilDiv(width(batch), SPAN);
  }

  /** A part of a row of pixels of y: (example, row, span), counted in this order. */
  private int units(int batch) {
    return (geometry.flat() ? 1 : batch) * geometry.y().height() * spans(batch);
  }

  private Rows outputs(int unit, int batch, float[] array) {
    int first = unit % spans(batch) * SPAN;
    int row = unit / spans(batch) % geometry.y().height();
    int example = unit / spans(batch) / geometry.y().height();
    int n = geometry.y().channels();
    int at = example * out.size() + geometry.y().at(row) + first * n;
    return new Rows(array, at, n, Math.min(SPAN, width(batch) - first));
  }

  private Rows inputs(int unit, int kernelRow, int batch, float[] array) {
    int first = unit % spans(batch) * SPAN;
    int row = unit / spans(batch) % geometry.y().height();
    int example = unit / spans(batch) / geometry.y().height();
    int step = geometry.stride() * geometry.x().channels();
    int at = example * in.size() + geometry.window(row, kernelRow) + first * step;
    return new Rows(array, at, step, Math.min(SPAN, width(batch) - first));
  }

  @Override
  public void forward(Pass pass) {
    filters.refresh();
    boolean scattered = in.wantsGradient() && turned == null;
    pass.threads().each(matrices.length, (i, scratch) -> matrices[i].pack(scattered));
    if (bias != null) {
      System.arraycopy(bias.value(), 0, start, 0, bias.value().length);
    }
    int batch = pass.batch();
    pass.threads()
        .each(
            units(batch),
            (unit, scratch) -> {
              Rows y = outputs(unit, batch, out.value());
              for (int i = 0; i < matrices.length; i++) {
                Rows x = inputs(unit, i, batch, in.value());
                float[] from = i == 0 ? start : null;
                products.forward(x, matrices[i], from, y.array(), y.offset(), y.stride(), scratch);
              }
            });
  }

  @Override
  public void backward(Pass pass) {
    float[] gy = out.takeGradient();
    if (gy == null) {
      return;
    }
    boolean biasTrained = bias != null && bias.trainable();
    if (filters.trainable() || biasTrained) {
      parameterGradients(gy, biasTrained, pass);
    }
    if (in.wantsGradient()) {
      in.receive(turned == null ? scattered(gy, pass) : convolved(gy, pass), pass);
    }
    pass.pool().give(gy);
  }

  private void parameterGradients(float[] gy, boolean biasTrained, Pass pass) {
    int batch = pass.batch();
    int units = units(batch);
    int groups = Math.min(Products.PARTIALS, units);
    float[][][] partials = new float[matrices.length][groups][];
    for (float[][] ofRow : partials) {
      Arrays.setAll(ofRow, g -> pass.pool().takeZeros(products.partialSize(matrices[0])));
    }
    double[][] sums = new double[groups][geometry.y().channels()];
    pass.threads()
        .each(
            groups,
            (g, scratch) -> {
              float[][] own = new float[matrices.length][];
              Arrays.setAll(own, i -> partials[i][g]);
              int end = (int) ((long) (g + 1) * units / groups);
              for (int unit = (int) ((long) g * units / groups); unit < end; unit++) {
                Rows rows = outputs(unit, batch, gy);
                if (filters.trainable()) {
                  Rows[] xs = new Rows[matrices.length];
                  for (int i = 0; i < xs.length; i++) {
                    xs[i] = inputs(unit, i, batch, in.value());
                  }
                  products.weightGradients(rows, xs, matrices, own, scratch);
                }
                if (biasTrained) {
                  Products.columnSums(rows, sums[g].length, sums[g]);
                }
              }
            });
    for (int i = 0; i < matrices.length; i++) {
      if (filters.trainable()) {
        matrices[i].addGradient(partials[i], filters.gradient(), pass.threads());
      }
      for (float[] partial : partials[i]) {
        pass.pool().give(partial);
      }
    }
    filters.propagate();
    if (biasTrained) {
      addSums(sums, bias.gradient());
    }
  }

  /** Adds partial sums, in their order, to a gradient. */
  static void addSums(double[][] partials, float[] gradient) {
    for (int n = 0; n < gradient.length; n++) {
      double sum = 0;
      for (double[] partial : partials) {
        sum += partial[n];
      }
      gradient[n] += (float) sum;
    }
  }

  /**
   * The gradient by x, each pixel of it from those of y whose windows it was in: a convolution
   * whose filters are turned around. The border of a gradient is 0, as that of a value is.
   */
  private float[] convolved(float[] gy, Pass pass) {
    pass.threads().each(turned.length, (i, scratch) -> turned[i].pack(false));
    int batch = pass.batch();
    float[] gx = pass.pool().takeZeros(batch * in.size());
    Grid x = geometry.x();
    Geometry back = new Geometry(geometry.y(), x, turned.length, 1, geometry.padding(), false);
    pass.threads()
        .each(
            batch * x.height(),
            (unit, scratch) -> {
              int example = unit / x.height();
              int row = unit % x.height();
              int to = example * in.size() + x.at(row);
              for (int i = 0; i < turned.length; i++) {
                int at = example * out.size() + back.window(row, i);
                Rows from = new Rows(gy, at, geometry.y().channels(), x.width());
                float[] first = i == 0 ? zeros : null;
                products.forward(from, turned[i], first, gx, to, x.channels(), scratch);
              }
            });
    return gx;
  }

  /** The gradient by x, to which each pixel of y adds in its window. */
  private float[] scattered(float[] gy, Pass pass) {
    int batch = pass.batch();
    float[] gx = pass.pool().takeZeros(batch * in.size());
    // Windows overlap within an example; the rows of a linear layer do not.
    int unitsOfItem = geometry.flat() ? 1 : units(1);
    pass.threads()
        .each(
            units(batch) / unitsOfItem,
            (item, scratch) -> {
              for (int u = item * unitsOfItem; u < (item + 1) * unitsOfItem; u++) {
                Rows rows = outputs(u, batch, gy);
                for (int i = 0; i < matrices.length; i++) {
                  Rows to = inputs(u, i, batch, gx);
                  products.inputGradient(rows, matrices[i], gx, to.offset(), to.stride(), scratch);
                }
              }
            });
    clearBorders(gx, batch, pass);
    return gx;
  }

  /** Windows reach into the border, whose gradient nobody asks for. */
  private void clearBorders(float[] gx, int batch, Pass pass) {
    Grid x = geometry.x();
    if (geometry.padding() == 0) {
      return;
    }
    int inside = x.width() * x.channels();
    pass.threads()
        .each(
            batch,
            (b, scratch) -> {
              int end = b * in.size(); // of what is left as it is
              for (int row = 0; row < x.height(); row++) {
                int at = b * in.size() + x.at(row); // gx[b,row,0]
                Arrays.fill(gx, end, at, 0);
                end = at + inside;
              }
              Arrays.fill(gx, end, (b + 1) * in.size(), 0);
            });
  }
}
