package dev.diarist.nn.train;

import java.util.Arrays;

/**
 * One direction of one layer of an LSTM.
 *
 * <pre>
 * i, f, o = sigmoid(x·W + h·U + b)    g = tanh(x·W + h·U + b)
 * c = f·c + i·g                       h = o·tanh(c)
 * </pre>
 *
 * <p>Letters: {@code B} examples in whole tiles, {@code T} time, {@code I} inputs, {@code H} hidden
 * size, {@code G} hidden size in whole vectors. The extra cells have zero weights and stay 0.
 */
final class LstmDirection {
  /** The rows of PyTorch's gates i, f, g, o in the order i, f, o, g: three sigmoids, one tanh. */
  private static final int[] GATES = {0, 1, 3, 2};

  /** Tiles of examples that go through time together. */
  private static final int TILES = 2;

  private final Products products;
  private final boolean reverse;
  private final int hidden;
  private final int padded;
  private final int time;
  private final int inputs;
  private final Parameter inputWeight;
  private final Parameter recurrentWeight;
  private final Parameter inputBias;
  private final Parameter recurrentBias;
  private final WeightMatrix w;
  private final WeightMatrix u;
  private final float[] bias;

  /**
   * (B, T, 4·G): on the way forward the gates, on the way back the gradients by what enters them.
   */
  private final float[] gates;

  /** (B, T, G). */
  private final float[] cells;

  /** (B, T, G). */
  private final float[] outputs;

  /**
   * @param name of the parameters up to their ending: {@code lstm.}
   * @param suffix their ending: {@code l0_reverse}
   */
  LstmDirection(
      Products products,
      Parameters parameters,
      String name,
      String suffix,
      boolean reverse,
      int hidden,
      int time,
      int inputs,
      int batch) {
    this.products = products;
    this.reverse = reverse;
    this.hidden = hidden;
    this.time = time;
    this.inputs = inputs;
    int lanes = products.kernels().panelColumns() / 2;
    padded = Math.ceilDiv(hidden, lanes) * lanes;
    inputWeight = parameters.get(name + "weight_ih_" + suffix);
    recurrentWeight = parameters.get(name + "weight_hh_" + suffix);
    inputBias = parameters.get(name + "bias_ih_" + suffix);
    recurrentBias = parameters.get(name + "bias_hh_" + suffix);
    w =
        new WeightMatrix(
            inputWeight.value(), rows(inputs), WeightMatrix.steps(inputs, 1), products.kernels());
    int[] columns = new int[padded];
    Arrays.setAll(columns, k -> k < hidden ? k : -1);
    u = new WeightMatrix(recurrentWeight.value(), rows(hidden), columns, products.kernels());
    bias = new float[4 * padded];
    int examples = products.wholeTiles(batch);
    gates = new float[Math.multiplyExact(examples * time, 4 * padded)];
    cells = new float[examples * time * padded];
    outputs = new float[examples * time * padded];
  }

  /** Where the row of each gate of each cell begins in a weight of {@code depth} columns. */
  private int[] rows(int depth) {
    int[] rows = new int[4 * padded];
    Arrays.setAll(rows, n -> n % padded < hidden ? gateRow(n) * depth : -1);
    return rows;
  }

  private int gateRow(int n) {
    return GATES[n / padded] * hidden + n % padded;
  }

  boolean trainable() {
    return inputWeight.trainable()
        || recurrentWeight.trainable()
        || inputBias.trainable()
        || recurrentBias.trainable();
  }

  void pack() {
    w.pack(true);
    u.pack(true);
    for (int n = 0; n < bias.length; n++) {
      boolean cell = n % padded < hidden;
      bias[n] = cell ? inputBias.value()[gateRow(n)] + recurrentBias.value()[gateRow(n)] : 0;
    }
  }

  /** Groups of examples that may go through time on threads of their own. */
  int groups(int batch) {
    return Math.ceilDiv(batch, TILES * products.kernels().tileRows());
  }

  private int first(int group, int batch) {
    int tile = products.kernels().tileRows();
    int tiles = Math.ceilDiv(batch, tile);
    return Math.min(batch, (int) ((long) group * tiles / groups(batch)) * tile);
  }

  /** gates = x·W + b for the {@code b}-th example. */
  void project(int b, float[] x, Scratch scratch) {
    Rows rows = new Rows(x, b * time * inputs, inputs, time);
    int gateWidth = 4 * padded;
    products.forward(rows, w, bias, gates, b * time * gateWidth, gateWidth, scratch);
  }

  /** The time of a step: the reverse direction begins at the end. */
  private int at(int step) {
    return reverse ? time - 1 - step : step;
  }

  /**
   * Goes through time with one group of examples.
   *
   * @param y (batch, T, width), in which this direction's columns begin at {@code column}
   */
  void recur(int group, int batch, float[] y, int width, int column, Scratch scratch) {
    int first = first(group, batch);
    int count = first(group + 1, batch) - first;
    int rows = products.wholeTiles(count);
    float[] h = scratch.floats(Scratch.Use.STATE, rows * padded);
    Arrays.fill(h, 0, rows * padded, 0);
    for (int step = 0; step < time; step++) {
      int t = at(step);
      multiply(rows, padded, h, 0, padded, u.forward(), first * time + t);
      for (int r = 0; r < count; r++) {
        int place = (first + r) * time + t; // cells[b,t,:], outputs[b,t,:]
        int before = step == 0 ? -1 : ((first + r) * time + at(step - 1)) * padded;
        cell(place, before);
        System.arraycopy(outputs, place * padded, h, r * padded, padded);
        System.arraycopy(outputs, place * padded, y, place * width + column, hidden);
      }
    }
  }

  /** gates[b, t, :] += a·panels for rows of examples, from example and time {@code place} on. */
  private void multiply(
      int rows, int depth, float[] a, int aOffset, int aStride, float[] panels, int place) {
    int gateWidth = 4 * padded;
    int stride = time * gateWidth;
    int to = place * gateWidth;
    int tiles = rows / products.kernels().tileRows();
    products.multiply(
        tiles, depth, a, aOffset, aStride, panels, gateWidth, gates, to, stride, gates, to, stride);
  }

  private void cell(int place, int before) {
    int i = place * 4 * padded; // gates[b,t,i,:]
    int f = i + padded;
    int o = f + padded;
    int g = o + padded;
    int c = place * padded;
    products.kernels().sigmoid(gates, i, 3 * padded);
    products.kernels().tanh(gates, g, padded);
    for (int j = 0; j < padded; j++) {
      cells[c + j] = gates[i + j] * gates[g + j];
    }
    if (before >= 0) {
      for (int j = 0; j < padded; j++) {
        cells[c + j] += gates[f + j] * cells[before + j];
      }
    }
    System.arraycopy(cells, c, outputs, c, padded);
    products.kernels().tanh(outputs, c, padded);
    for (int j = 0; j < padded; j++) {
      outputs[c + j] *= gates[o + j];
    }
  }

  /**
   * Goes back through time with one group of examples, and leaves the gradients by what enters the
   * gates in their place.
   *
   * @param gy (batch, T, width), in which this direction's columns begin at {@code column}
   */
  void recurBack(int group, int batch, float[] gy, int width, int column, Scratch scratch) {
    int first = first(group, batch);
    int count = first(group + 1, batch) - first;
    int rows = products.wholeTiles(count);
    int stride = u.paddedDepth();
    float[] gh = scratch.floats(Scratch.Use.STATE, rows * stride);
    float[] gc = scratch.floats(Scratch.Use.CELL, rows * padded);
    Arrays.fill(gh, 0, rows * stride, 0);
    Arrays.fill(gc, 0, rows * padded, 0);
    for (int step = time - 1; step >= 0; step--) {
      int t = at(step);
      for (int r = 0; r < count; r++) {
        int place = (first + r) * time + t;
        int before = step == 0 ? -1 : ((first + r) * time + at(step - 1)) * padded;
        for (int j = 0; j < hidden; j++) {
          gh[r * stride + j] += gy[place * width + column + j];
        }
        cellBack(place, before, gh, r * stride, gc, r * padded, scratch);
      }
      recurrentGradient(rows, first * time + t, gh, stride, scratch);
    }
  }

  private void cellBack(
      int place, int before, float[] gh, int h, float[] gc, int c, Scratch scratch) {
    int i = place * 4 * padded; // gates[b,t,i,:]
    int f = i + padded;
    int o = f + padded;
    int g = o + padded;
    float[] tanh = scratch.floats(Scratch.Use.TANH, padded);
    System.arraycopy(cells, place * padded, tanh, 0, padded);
    products.kernels().tanh(tanh, 0, padded);
    for (int j = 0; j < padded; j++) {
      float byH = gh[h + j];
      float byC = gc[c + j] + byH * gates[o + j] * (1 - tanh[j] * tanh[j]);
      float input = gates[i + j];
      float output = gates[o + j];
      float candidate = gates[g + j];
      gates[o + j] = byH * tanh[j] * output * (1 - output);
      gates[i + j] = byC * candidate * input * (1 - input);
      gates[g + j] = byC * input * (1 - candidate * candidate);
      gc[c + j] = byC;
    }
    for (int j = 0; j < padded; j++) {
      float byC = gc[c + j];
      float forget = gates[f + j];
      float old = before < 0 ? 0 : cells[before + j];
      gates[f + j] = byC * old * forget * (1 - forget);
      gc[c + j] = byC * forget;
    }
  }

  /** gh = gates[·, t, :]·U for the rows of a group. */
  private void recurrentGradient(int rows, int place, float[] gh, int stride, Scratch scratch) {
    int gateWidth = 4 * padded;
    float[] zeros = scratch.floats(Scratch.Use.PANEL, stride);
    Arrays.fill(zeros, 0, stride, 0);
    products.multiply(
        rows / products.kernels().tileRows(),
        gateWidth,
        gates,
        place * gateWidth,
        time * gateWidth,
        u.backward(),
        stride,
        zeros,
        0,
        0,
        gh,
        0,
        stride);
  }

  /** gx[b, :, :] += gates[b, :, :]·W. */
  void inputGradient(int b, float[] gx, Scratch scratch) {
    int gateWidth = 4 * padded;
    Rows rows = new Rows(gates, b * time * gateWidth, gateWidth, time);
    products.inputGradient(rows, w, gx, b * time * inputs, inputs, scratch);
  }

  /** Partial sums of the gradients by the parameters: those of a few examples. */
  final class Partial {
    private final float[] byInput;
    private final float[] byRecurrent;
    private final double[] byBias = new double[4 * padded];

    Partial(FloatPool pool) {
      byInput = pool.takeZeros(products.partialSize(w));
      byRecurrent = pool.takeZeros(products.partialSize(u));
    }

    void add(int b, float[] x, Scratch scratch) {
      int gateWidth = 4 * padded;
      int from = b * time * gateWidth; // gates[b,:,:]
      Rows all = new Rows(gates, from, gateWidth, time);
      Products.columnSums(all, gateWidth, byBias);
      Rows xs = new Rows(x, b * time * inputs, inputs, time);
      products.weightGradients(
          all, new Rows[] {xs}, new WeightMatrix[] {w}, new float[][] {byInput}, scratch);
      // Every step but the first heard the output of the one before it.
      int hearing = from + (reverse ? 0 : gateWidth);
      int heard = (b * time + (reverse ? 1 : 0)) * padded;
      Rows later = new Rows(gates, hearing, gateWidth, time - 1);
      Rows earlier = new Rows(outputs, heard, padded, time - 1);
      products.weightGradients(
          later,
          new Rows[] {earlier},
          new WeightMatrix[] {u},
          new float[][] {byRecurrent},
          scratch);
    }

    void give(FloatPool pool) {
      pool.give(byInput);
      pool.give(byRecurrent);
    }
  }

  /** Adds partial sums, in their order, to the gradients. */
  void addGradients(Partial[] partials, Threads threads) {
    float[][] byInput = new float[partials.length][];
    float[][] byRecurrent = new float[partials.length][];
    for (int p = 0; p < partials.length; p++) {
      byInput[p] = partials[p].byInput;
      byRecurrent[p] = partials[p].byRecurrent;
    }
    if (inputWeight.trainable()) {
      w.addGradient(byInput, inputWeight.gradient(), threads);
    }
    if (recurrentWeight.trainable()) {
      u.addGradient(byRecurrent, recurrentWeight.gradient(), threads);
    }
    for (int n = 0; n < bias.length; n++) {
      double sum = 0;
      for (Partial partial : partials) {
        sum += partial.byBias[n];
      }
      if (n % padded < hidden) {
        addBias(inputBias, gateRow(n), (float) sum);
        addBias(recurrentBias, gateRow(n), (float) sum);
      }
    }
  }

  private static void addBias(Parameter bias, int row, float gradient) {
    if (bias.trainable()) {
      bias.gradient()[row] += gradient;
    }
  }
}
