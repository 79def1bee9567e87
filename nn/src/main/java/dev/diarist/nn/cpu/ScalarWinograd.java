package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTransforms;

/**
 * The transforms in plain loops. Letters: {@code i, j} row and column of a tile, {@code d} six
 * values, {@code l} a lane.
 */
final class ScalarWinograd implements WinogradTransforms {
  private final int lanes;

  ScalarWinograd(int lanes) {
    this.lanes = lanes;
  }

  @Override
  public void input(
      int tiles,
      int channels,
      float[] x,
      int at,
      int row,
      float[] v,
      int to,
      int plane,
      float[] strip) {
    int wide = (TILE * tiles + INPUT - TILE) * channels; // floats of one row of the strip
    for (int f = 0; f < wide; f += lanes) { // strip = Bᵀ·d
      combine(x, at + f, row, strip, CacheLine.START + f, wide);
    }
    for (int i = 0; i < INPUT; i++) { // v = strip·B
      for (int t = 0; t < tiles; t++) {
        for (int c = 0; c < channels; c += lanes) {
          int from = CacheLine.START + i * wide + t * TILE * channels + c;
          combine(strip, from, channels, v, to + i * INPUT * plane + t * channels + c, plane);
        }
      }
    }
  }

  /** Bᵀ applied to the six blocks at {@code from + k·step}. */
  private void combine(float[] x, int from, int step, float[] y, int to, int stride) {
    for (int l = 0; l < lanes; l++) {
      int at = from + l;
      float d0 = x[at];
      float d1 = x[at + step];
      float d2 = x[at + 2 * step];
      float d3 = x[at + 3 * step];
      float d4 = x[at + 4 * step];
      float d5 = x[at + 5 * step];
      float evenA = d4 - B2 * d2;
      float oddA = A * d3 - B * d1;
      float evenB = d4 - A2 * d2;
      float oddB = B * d3 - A * d1;
      int of = to + l;
      y[of] = d0 - S * d2 + d4;
      y[of + stride] = evenA + oddA;
      y[of + 2 * stride] = evenA - oddA;
      y[of + 3 * stride] = evenB + oddB;
      y[of + 4 * stride] = evenB - oddB;
      y[of + 5 * stride] = d1 - S * d3 + d5;
    }
  }

  @Override
  public void output(
      int tiles,
      int channels,
      float[] m,
      int from,
      int width,
      int plane,
      float[] bias,
      int shift,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel,
      int row,
      int rows,
      float[] strip) {
    int wide = tiles * width; // floats of one position of the strip
    for (int j = 0; j < INPUT; j++) { // strip = Aᵀ·m
      for (int f = 0; f < wide; f += lanes) {
        int to = CacheLine.START + j * wide + f;
        gather(m, from + j * plane + f, INPUT * plane, strip, to, INPUT * wide);
      }
    }
    float[] four = new float[TILE * lanes];
    for (int i = 0; i < rows; i++) { // y = strip·A
      for (int t = 0; t < tiles; t++) {
        for (int c = 0; c < channels; c += lanes) {
          int strips = CacheLine.START + i * INPUT * wide + t * width + c; // strip[i,0,t,c]
          gather(strip, strips, wide, four, 0, lanes);
          for (int j = 0; j < TILE; j++) {
            int of = at + i * row + (t * TILE + j) * pixel + c;
            for (int l = 0; l < lanes; l++) {
              float sum = four[j * lanes + l] + bias[shift + c + l];
              sum += residual == null ? 0 : residual[of + l];
              y[of + l] = relu && sum < 0 ? 0 : sum;
            }
          }
        }
      }
    }
  }

  /** Aᵀ applied to the six blocks at {@code from + k·step}. */
  private void gather(float[] x, int from, int step, float[] y, int to, int stride) {
    for (int l = 0; l < lanes; l++) {
      int at = from + l;
      float d0 = x[at];
      float sumA = x[at + step] + x[at + 2 * step];
      float differenceA = x[at + step] - x[at + 2 * step];
      float sumB = x[at + 3 * step] + x[at + 4 * step];
      float differenceB = x[at + 3 * step] - x[at + 4 * step];
      float d5 = x[at + 5 * step];
      int of = to + l;
      y[of] = d0 + sumA + sumB;
      y[of + stride] = A * differenceA + B * differenceB;
      y[of + 2 * stride] = A2 * sumA + B2 * sumB;
      y[of + 3 * stride] = A3 * differenceA + B3 * differenceB + d5;
    }
  }

  @Override
  public void gradient(
      int tiles,
      int channels,
      float[] g,
      int at,
      int row,
      float[] m,
      int to,
      int plane,
      float[] strip) {
    int wide = TILE * tiles * channels; // floats of one row of the strip
    for (int f = 0; f < wide; f += lanes) { // strip = A·g
      spread(g, at + f, row, strip, CacheLine.START + f, wide);
    }
    for (int i = 0; i < INPUT; i++) { // m = strip·Aᵀ
      for (int t = 0; t < tiles; t++) {
        for (int c = 0; c < channels; c += lanes) {
          int from = CacheLine.START + i * wide + t * TILE * channels + c;
          spread(strip, from, channels, m, to + i * INPUT * plane + t * channels + c, plane);
        }
      }
    }
  }

  /** A applied to the four blocks at {@code from + k·step}. */
  private void spread(float[] x, int from, int step, float[] y, int to, int stride) {
    for (int l = 0; l < lanes; l++) {
      int at = from + l;
      float d0 = x[at];
      float d1 = x[at + step];
      float d2 = x[at + 2 * step];
      float d3 = x[at + 3 * step];
      float evenA = d0 + A2 * d2;
      float oddA = A * d1 + A3 * d3;
      float evenB = d0 + B2 * d2;
      float oddB = B * d1 + B3 * d3;
      int of = to + l;
      y[of] = d0;
      y[of + stride] = evenA + oddA;
      y[of + 2 * stride] = evenA - oddA;
      y[of + 3 * stride] = evenB + oddB;
      y[of + 4 * stride] = evenB - oddB;
      y[of + 5 * stride] = d3;
    }
  }
}
