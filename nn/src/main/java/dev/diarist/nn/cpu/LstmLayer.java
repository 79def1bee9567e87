package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import java.util.Arrays;

/**
 * One layer of an LSTM. An item is one direction of a few examples, which go through time together:
 *
 * <pre>
 * gates[t] = x[t]·W + bias          several steps at a time, so that W is read less often
 * gates    = gates[t] + h·U
 * c, h     = step(gates)
 * </pre>
 *
 * <p>Letters: {@code T} time, {@code I} inputs, {@code H} hidden size, {@code G} hidden size in
 * whole vectors. The extra cells have zero weights and stay 0: their g is 0.
 *
 * @param directions the weights of each direction
 * @param hidden H
 * @param padded G
 * @param time T
 * @param x (T, I), row-major
 * @param y (T, directions · H), row-major
 */
record LstmLayer(
    PanelProduct product,
    LstmCell cell,
    Direction[] directions,
    int hidden,
    int padded,
    int time,
    Value x,
    Value y)
    implements Step {
  /** Steps whose gate inputs are computed at a time: they stay in the level 2 cache. */
  private static final int STEPS = 12;

  /** Examples of an item: one tile of rows. */
  private static final int EXAMPLES = PanelProduct.ROWS;

  /**
   * Packed weights, the gates i, f, o, g side by side.
   *
   * @param input W and the bias, (I, 4·G)
   * @param recurrent U, (G, 4·G)
   */
  record Direction(Panels input, Panels recurrent) {}

  /** Floats from one row of h to the next where a product reads it. */
  private int apart() {
    return Math.max(padded, PanelProduct.APART);
  }

  private int groups(int batch) {
    return Math.ceilDiv(batch, EXAMPLES);
  }

  @Override
  public int items(int batch) {
    return groups(batch) * directions.length;
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int d = item % directions.length;
    int group = item / directions.length;
    // As even as possible: with 8 examples 4 and 4, not 6 and 2.
    int first = (int) ((long) group * batch / groups(batch));
    int examples = (int) ((long) (group + 1) * batch / groups(batch)) - first;
    Direction direction = directions[d];
    int gates = direction.recurrent().paddedColumns();
    int rows = PanelProduct.wholeTiles(STEPS * examples);
    int stride = PanelProduct.stride(direction.input().depth());
    float[] inputs = scratch.floats(Scratch.Use.INPUT, rows * stride);
    int size = CacheLine.START + (rows + EXAMPLES) * gates;
    float[] projected = scratch.floats(Scratch.Use.PRODUCT, size);
    float[] sums = scratch.floats(Scratch.Use.GATES, EXAMPLES * gates);
    float[] before = scratch.floats(Scratch.Use.STATE, EXAMPLES * apart());
    float[] h = scratch.floats(Scratch.Use.HIDDEN, EXAMPLES * padded);
    float[] c = scratch.floats(Scratch.Use.CELL, EXAMPLES * padded);
    Arrays.fill(before, 0, EXAMPLES * apart(), 0);
    Arrays.fill(c, 0, EXAMPLES * padded, 0);

    for (int start = 0; start < time; start += STEPS) {
      int steps = Math.min(STEPS, time - start);
      gather(d, first, examples, start, steps, inputs, stride);
      direction.input().multiply(product, steps * examples, inputs, 0, stride, projected);
      for (int s = 0; s < steps; s++) {
        int from = CacheLine.START + s * examples * gates; // projected[s,:,:]
        recur(direction.recurrent(), projected, from, before, sums);
        cell.step(examples, padded, sums, c, h);
        store(d, first, examples, at(d, start + s), h, before);
      }
    }
  }

  /** The time of a step: the second direction begins at the end. */
  private int at(int direction, int step) {
    return direction == 0 ? step : time - 1 - step;
  }

  /** inputs (steps, examples, I) = x at these steps, each row {@code stride} after the last. */
  private void gather(
      int d, int first, int examples, int start, int steps, float[] inputs, int stride) {
    int depth = directions[d].input().depth();
    for (int s = 0; s < steps; s++) {
      for (int b = 0; b < examples; b++) {
        int row = (s * examples + b) * stride; // inputs[s,b,:]
        System.arraycopy(x.example(first + b), at(d, start + s) * depth, inputs, row, depth);
      }
    }
  }

  /**
   * sums = projected + h·U for one tile of rows of h; rows beyond the examples are computed in
   * vain.
   */
  private void recur(Panels u, float[] projected, int from, float[] before, float[] sums) {
    int gates = u.paddedColumns();
    for (int p = 0; p < u.count(); p++) {
      int n = p * u.width();
      product.multiply(
          1,
          padded,
          before,
          0,
          apart(),
          u.values(),
          u.panel(p),
          projected,
          from + n,
          gates,
          sums,
          n,
          gates);
    }
  }

  /** Of h into y, and into rows that lie apart, for the next product. */
  private void store(int d, int first, int examples, int t, float[] h, float[] before) {
    int width = directions.length * hidden;
    for (int b = 0; b < examples; b++) {
      System.arraycopy(h, b * padded, before, b * apart(), padded);
      System.arraycopy(h, b * padded, y.example(first + b), t * width + d * hidden, hidden);
    }
  }
}
