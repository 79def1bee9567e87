package dev.diarist.nn.train;

import dev.diarist.nn.graph.Op;
import dev.diarist.nn.signal.SincFilters;

/** The weights of a layer of products: a parameter itself, or computed from parameters. */
interface Filters {

  float[] values();

  /** By the values; passes back add to it. */
  float[] gradient();

  boolean trainable();

  /** Computes the values from parameters that have changed. */
  void refresh();

  /** Passes the gradient on to the parameters that the values are computed from. */
  void propagate();

  /** The values of a parameter. */
  record Direct(Parameter parameter) implements Filters {
    @Override
    public float[] values() {
      return parameter.value();
    }

    @Override
    public float[] gradient() {
      return parameter.gradient();
    }

    @Override
    public boolean trainable() {
      return parameter.trainable();
    }

    @Override
    public void refresh() {}

    @Override
    public void propagate() {}
  }

  /**
   * Band-pass filters, see {@link SincFilters}. With B = high − low, c and s the halves of the
   * cosine and sine filters, and w the window:
   *
   * <pre>
   * ∂c/∂high = (w·cos(high·n) − c)/B      ∂c/∂low = (c − w·cos(low·n))/B
   * ∂s/∂high = (w·sin(high·n) − s)/B      ∂s/∂low = (s − w·sin(low·n))/B
   * </pre>
   */
  record Sinc(
      Op.SincConv op,
      Parameter low,
      Parameter band,
      Parameter window,
      Parameter n,
      float[] values,
      float[] gradient)
      implements Filters {

    static Sinc of(Op.SincConv op, String node, Parameters parameters) {
      String bank = node + ".filterbank.";
      int size = op.filters() * op.kernel();
      return new Sinc(
          op,
          parameters.get(bank + "low_hz_"),
          parameters.get(bank + "band_hz_"),
          parameters.get(bank + "window_"),
          parameters.get(bank + "n_"),
          new float[size],
          new float[size]);
    }

    @Override
    public boolean trainable() {
      return low.trainable() || band.trainable();
    }

    @Override
    public void refresh() {
      float[] filters =
          SincFilters.of(low.value(), band.value(), window.value(), n.value(), op.sampleRate());
      System.arraycopy(filters, 0, values, 0, filters.length);
    }

    @Override
    public void propagate() {
      int bands = low.value().length;
      for (int k = 0; k < bands; k++) {
        propagate(k, bands);
      }
      java.util.Arrays.fill(gradient, 0);
    }

    private void propagate(int k, int bands) {
      double l = SincFilters.low(low.value()[k]);
      double unclamped = SincFilters.unclampedHigh(low.value()[k], band.value()[k]);
      double h = Math.min(unclamped, op.sampleRate() / 2.0);
      int kernel = op.kernel();
      int cosine = k * kernel; // values[k,:]
      int sine = (bands + k) * kernel; // values[bands+k,:]
      double byLow = 0;
      double byHigh = 0;
      for (int i = 0; i < kernel / 2; i++) {
        double at = n.value()[i];
        double w = window.value()[i];
        int mirrored = kernel - 1 - i;
        double gc = (double) gradient[cosine + i] + gradient[cosine + mirrored];
        double gs = (double) gradient[sine + i] - gradient[sine + mirrored];
        byHigh += gc * (w * Math.cos(h * at) - values[cosine + i]);
        byHigh += gs * (w * Math.sin(h * at) - values[sine + i]);
        byLow += gc * (values[cosine + i] - w * Math.cos(l * at));
        byLow += gs * (values[sine + i] - w * Math.sin(l * at));
      }
      byHigh /= h - l;
      byLow /= h - l;
      // Where the upper edge is clamped, nothing that stands behind it moves it.
      double throughHigh = unclamped > h ? 0 : byHigh;
      if (low.trainable()) {
        low.gradient()[k] += (float) ((byLow + throughHigh) * Math.signum(low.value()[k]));
      }
      if (band.trainable()) {
        band.gradient()[k] += (float) (throughHigh * Math.signum(band.value()[k]));
      }
    }
  }
}
