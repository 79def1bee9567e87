package dev.diarist.nn.train;

import java.util.Arrays;

/**
 * A stack of LSTM layers, x (T, I) → y (T, directions · H), with dropout between the layers.
 *
 * <p>Source: PyTorch's {@code nn.LSTM}, which drops values of the output of every layer but the
 * last.
 */
final class LstmLayer implements Layer {
  /** Partial sums of a gradient by weights: a number that does not depend on the threads. */
  private static final int GROUPS = 8;

  private final int number;
  private final LstmDirection[][] layers;
  private final int time;
  private final int hidden;
  private final Storage in;
  private final Storage out;

  /**
   * The output of each layer but the last, as the next one hears it: (batch, T, directions · H).
   */
  private final float[][] between;

  /**
   * @param number of this stack among those of the network, which dropout goes by
   * @param layers (layers, directions)
   */
  LstmLayer(
      int number,
      LstmDirection[][] layers,
      int time,
      int hidden,
      int batch,
      Storage in,
      Storage out) {
    this.number = number;
    this.layers = layers;
    this.time = time;
    this.hidden = hidden;
    this.in = in;
    this.out = out;
    between = new float[layers.length - 1][batch * out.size()];
  }

  private int width() {
    return layers[0].length * hidden;
  }

  private float[] input(int layer) {
    return layer == 0 ? in.value() : between[layer - 1];
  }

  private boolean drops(int layer, Pass pass) {
    return layer < between.length && pass.training() && pass.dropout().probability() > 0;
  }

  /** Of the dropout after a layer: different for every layer of every stack. */
  private int dropoutLayer(int layer) {
    return number * 64 + layer;
  }

  @Override
  public void forward(Pass pass) {
    int batch = pass.batch();
    for (int l = 0; l < layers.length; l++) {
      LstmDirection[] directions = layers[l];
      float[] x = input(l);
      float[] y = l == between.length ? out.value() : between[l];
      pass.threads().each(directions.length, (d, scratch) -> directions[d].pack());
      pass.threads()
          .each(
              directions.length * batch,
              (i, scratch) ->
                  directions[i % directions.length].project(i / directions.length, x, scratch));
      int groups = directions[0].groups(batch);
      pass.threads()
          .each(
              directions.length * groups,
              (i, scratch) -> {
                int d = i % directions.length;
                int group = i / directions.length;
                directions[d].recur(group, batch, y, width(), d * hidden, scratch);
              });
      if (drops(l, pass)) {
        drop(l, y, pass);
      }
    }
  }

  private void drop(int layer, float[] values, Pass pass) {
    int size = time * width();
    int number = dropoutLayer(layer);
    pass.threads()
        .each(
            pass.batch(),
            (b, scratch) -> pass.dropout().apply(number, b, values, values, b * size, size));
  }

  @Override
  public void backward(Pass pass) {
    float[] gy = out.takeGradient();
    if (gy == null) {
      return;
    }
    for (int l = layers.length - 1; l >= 0; l--) {
      if (drops(l, pass)) {
        drop(l, gy, pass);
      }
      float[] gx = layerBackward(l, gy, pass);
      pass.pool().give(gy);
      gy = gx;
    }
    if (gy != null) {
      in.receive(gy, pass);
    }
  }

  /** The gradient by the input of a layer; null where nobody wants it. */
  private float[] layerBackward(int l, float[] gy, Pass pass) {
    LstmDirection[] directions = layers[l];
    int batch = pass.batch();
    int groups = directions[0].groups(batch);
    pass.threads()
        .each(
            directions.length * groups,
            (i, scratch) -> {
              int d = i % directions.length;
              int group = i / directions.length;
              directions[d].recurBack(group, batch, gy, width(), d * hidden, scratch);
            });
    if (Arrays.stream(directions).anyMatch(LstmDirection::trainable)) {
      parameterGradients(directions, input(l), pass);
    }
    if (l == 0 && !in.wantsGradient()) {
      return null;
    }
    float[] gx = pass.pool().takeZeros(batch * (l == 0 ? in.size() : out.size()));
    pass.threads()
        .each(
            batch,
            (b, scratch) -> {
              for (LstmDirection direction : directions) {
                direction.inputGradient(b, gx, scratch);
              }
            });
    return gx;
  }

  private static void parameterGradients(LstmDirection[] directions, float[] x, Pass pass) {
    int batch = pass.batch();
    int groups = Math.min(GROUPS, batch);
    LstmDirection.Partial[][] partials = new LstmDirection.Partial[directions.length][groups];
    for (int d = 0; d < directions.length; d++) {
      LstmDirection direction = directions[d];
      Arrays.setAll(partials[d], g -> direction.new Partial(pass.pool()));
    }
    pass.threads()
        .each(
            directions.length * groups,
            (i, scratch) -> {
              int g = i / directions.length;
              int end = (g + 1) * batch / groups;
              for (int b = g * batch / groups; b < end; b++) {
                partials[i % directions.length][g].add(b, x, scratch);
              }
            });
    for (int d = 0; d < directions.length; d++) {
      directions[d].addGradients(partials[d], pass.threads());
      for (LstmDirection.Partial partial : partials[d]) {
        partial.give(pass.pool());
      }
    }
  }
}
