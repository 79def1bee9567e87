package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.WinogradTransforms;

/**
 * Runs the kernels of this machine on a daemon thread until the JIT has compiled them. Before that,
 * a vector operation is a call that makes objects, hundreds of times slower than the instruction; a
 * first run that meets the kernels so takes a second longer.
 */
final class WarmUp {
  /** Calls of a kernel after which the compiler has seen enough. */
  private static final int ROUNDS = 300;

  // Small, so that calls are what makes a kernel worth compiling, not the turns of its loops: for
  // those it would be compiled once more, to be entered in the middle of a loop. But not one turn
  // alone, or the compiler would take the body of the loop for what is seldom run.
  private static final int DEPTH = 6;
  private static final int HIDDEN = 16;
  private static final int TILES = 1;
  private static final int CHANNELS = 16;

  /** Null until it is begun. */
  private static Thread thread;

  private WarmUp() {}

  /** Begins in the background; a second call does nothing. */
  static synchronized void begin() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("diarist-cpu-warm-up").start(WarmUp::run);
    }
  }

  /** Waits for the end of what was begun: a run beside it would meet the kernels uncompiled. */
  static void await() {
    Thread begun = begun();
    if (begun == null) {
      return;
    }
    try {
      begun.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // slower, but as right
    }
  }

  private static synchronized Thread begun() {
    return thread;
  }

  private static void run() {
    Kernels kernels = Kernels.ofMachine();
    for (int round = 0; round < ROUNDS; round++) {
      product(kernels, DEPTH, DEPTH); // rows beside each other
      product(kernels, 2 * DEPTH, PanelProduct.APART); // two steps of k in a turn
      lstm(kernels.cell());
      finish(kernels.finish(), round % 2 == 0);
      fold(kernels.fold());
    }
    for (int round = 0; round < ROUNDS; round++) {
      winograd(kernels.winograd(), round % 2 == 0);
    }
  }

  private static void product(Kernels kernels, int depth, int stride) {
    int rows = PanelProduct.ROWS;
    int width = 2 * kernels.lanes();
    float[] a = new float[rows * stride];
    float[] panel = new float[depth * width];
    float[] bias = new float[width];
    float[] c = new float[rows * width];
    kernels.product().multiply(1, depth, a, 0, stride, panel, 0, bias, 0, 0, c, 0, width);
  }

  private static void lstm(LstmCell cell) {
    int rows = PanelProduct.ROWS;
    float[] gates = new float[rows * 4 * HIDDEN];
    cell.step(rows, HIDDEN, gates, new float[rows * HIDDEN], new float[rows * HIDDEN]);
  }

  private static void finish(RowFinish finish, boolean even) {
    int pool = 3;
    float[] x = new float[pool * CHANNELS];
    float[] y = new float[CHANNELS];
    finish.pool(1, CHANNELS, pool, even, 0.01f, x, 0, CHANNELS, y, 0, CHANNELS);
    finish.image(1, CHANNELS, x, 0, CHANNELS, even ? x : null, even, y, 0, CHANNELS);
  }

  private static void fold(WindowFold fold) {
    int half = 2 * CHANNELS;
    int depth = WindowFold.depth(half);
    fold.fold(1, half, new float[2 * half + 1], 0, 1, new float[2 * depth], 0, depth, depth);
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
