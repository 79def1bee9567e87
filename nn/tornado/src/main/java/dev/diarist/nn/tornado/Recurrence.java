package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The recurrent half of an LSTM layer, in one kernel: a work-group walks through the time of one
 * direction of one example, as a launch for each step would cost more than the step.
 *
 * <p>Letters: {@code B} batch, {@code T} time, {@code D} directions, {@code H} hidden size.
 */
final class Recurrence {
  /** Threads of a work-group; each computes every so many-th cell. */
  static final int THREADS = 128;

  /** The largest H: the hidden state lies in local memory, whose size is fixed in the code. */
  static final int MAX_HIDDEN = 1024;

  private Recurrence() {}

  /**
   * With g = gates[t, d] + h[t−1]·U[d], in PyTorch's order i, f, g, o:
   *
   * <pre>c = σ(f)·c + σ(i)·tanh(g)      h = σ(o)·tanh(c)</pre>
   *
   * Direction 1 goes through time backwards.
   *
   * @param gates (B, T, D, 4, H): the share of the input, with both biases; not modified
   * @param u (D, H, 4, H): element (d, k, gate, j) takes h[k] to cell j; not modified
   * @param y (B, T, D · H), overwritten
   */
  static void layer(
      KernelContext context,
      FloatArray gates,
      FloatArray u,
      FloatArray y,
      int time,
      int directions,
      int hidden) {
    float[] h = context.allocateFloatLocalArray(2 * MAX_HIDDEN); // the last step's, this step's
    float[] c = context.allocateFloatLocalArray(MAX_HIDDEN);
    int lane = context.localIdx;
    int direction = context.groupIdy;
    int example = context.globalIdz;
    for (int j = lane; j < hidden; j += THREADS) {
      h[j] = 0;
      c[j] = 0;
    }
    int weights = direction * hidden * 4 * hidden; // u[d, :, :, :]
    int last = 0;
    for (int step = 0; step < time; step++) {
      context.localBarrier();
      int t = direction == 0 ? step : time - 1 - step;
      int now = MAX_HIDDEN - last;
      int row =
          ((example * time + t) * directions + direction) * 4 * hidden; // gates[b, t, d, :, :]
      for (int j = lane; j < hidden; j += THREADS) {
        float in = gates.get(row + j);
        float forget = gates.get(row + hidden + j);
        float cell = gates.get(row + 2 * hidden + j);
        float out = gates.get(row + 3 * hidden + j);
        for (int k = 0; k < hidden; k++) {
          float hk = h[last + k];
          int at = weights + k * 4 * hidden + j; // u[d, k, :, j]
          in += hk * u.get(at);
          forget += hk * u.get(at + hidden);
          cell += hk * u.get(at + 2 * hidden);
          out += hk * u.get(at + 3 * hidden);
        }
        float state = sigmoid(forget) * c[j] + sigmoid(in) * TornadoMath.tanh(cell);
        float value = sigmoid(out) * TornadoMath.tanh(state);
        c[j] = state;
        h[now + j] = value;
        y.set(((example * time + t) * directions + direction) * hidden + j, value);
      }
      last = now;
    }
  }

  private static float sigmoid(float x) {
    return 1 / (1 + TornadoMath.exp(-x));
  }
}
