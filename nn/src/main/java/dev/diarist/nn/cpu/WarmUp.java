package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.WinogradTransforms;

/**
 * Runs the kernels of this machine on a daemon thread until the JIT has compiled them. Before that,
 * a vector operation is a call that makes objects, hundreds of times slower than the instruction; a
 * first run that meets the kernels so takes a second longer.
 */
final class WarmUp {
  /** Rounds after which the compiler has seen enough: thousands of iterations of each loop. */
  private static final int ROUNDS = 300;

  private static final int DEPTH = 64;
  private static final int GROUPS = 2;
  private static final int HIDDEN = 128;
  private static final int TILES = 4;
  private static final int CHANNELS = 32;

  /** Started once, when this class is. */
  private static final Thread THREAD =
      Thread.ofPlatform().daemon().name("diarist-cpu-warm-up").start(WarmUp::run);

  private WarmUp() {}

  /** Begins in the background; a second call does nothing. */
  static void begin() {
    THREAD.isAlive(); // starts the class
  }

  private static void run() {
    Kernels kernels = Kernels.ofMachine();
    for (int round = 0; round < ROUNDS; round++) {
      product(kernels);
      lstm(kernels.cell());
    }
    for (int round = 0; round < ROUNDS; round++) {
      winograd(kernels.winograd(), round % 2 == 0);
    }
  }

  private static void product(Kernels kernels) {
    int rows = GROUPS * PanelProduct.ROWS;
    int width = 2 * kernels.lanes();
    float[] a = new float[rows * DEPTH];
    float[] panel = new float[DEPTH * width];
    float[] bias = new float[width];
    float[] c = new float[rows * width];
    kernels.product().multiply(GROUPS, DEPTH, a, 0, DEPTH, panel, 0, bias, 0, 0, c, 0, width);
  }

  private static void lstm(LstmCell cell) {
    int rows = PanelProduct.ROWS;
    float[] gates = new float[rows * 4 * HIDDEN];
    cell.step(rows, HIDDEN, gates, new float[rows * HIDDEN], new float[rows * HIDDEN]);
  }

  private static void winograd(WinogradTransforms winograd, boolean withResidual) {
    int tile = WinogradTransforms.TILE;
    int row = (tile * TILES + WinogradTransforms.INPUT - tile) * CHANNELS;
    int width = TILES * CHANNELS;
    float[] image = new float[WinogradTransforms.INPUT * row];
    float[] positions = new float[WinogradTransforms.POSITIONS * width];
    float[] strip = new float[WinogradTransforms.inputStrip(TILES, CHANNELS)];
    winograd.input(TILES, CHANNELS, image, 0, row, positions, 0, width, strip);
    float[] bias = new float[CHANNELS];
    float[] residual = withResidual ? image : null;
    float[] y = new float[image.length];
    winograd.output(
        TILES, CHANNELS, positions, 0, CHANNELS, width, bias, 0, residual, true, y, 0, CHANNELS,
        row, tile, strip);
  }
}
