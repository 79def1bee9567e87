package dev.diarist.tests.golden;

/**
 * How far an independent float32 implementation may be from the recordings. Each bound is a few
 * times the largest error seen of one.
 */
final class Tolerances {
  private Tolerances() {}

  static final float RESAMPLED = 5e-7f;
  static final float SINGLE_OP = 1e-5f;
  static final float LSTM = 1e-6f;
  static final float STATISTICS_POOLING = 1e-6f;
  static final float SINC_FILTERS = 5e-6f;

  /** Of a layer's output, relative to its largest value. */
  static final float LAYER = 3e-6f;

  /** The same of the sinc convolution, whose filters may differ by the above already. */
  static final float SINC_LAYER = 1e-5f;

  /**
   * The same behind an instance norm, which divides by the deviation of its input, and behind the
   * layers that follow it.
   */
  static final float NORMALISED_LAYER = 1e-4f;

  static final float PROBABILITY = 1e-3f;

  /**
   * Where the log-probability exceeds {@link #RARE}. Of 1.2 million values of the longest recording
   * the worst is off by 1.99e-3: float32 sums before instance norms, in PyTorch as well.
   */
  static final float LOG_PROBABILITY = 3e-3f;

  /**
   * The same in a recording of silence: instance norms divide the last bits of a constant signal by
   * √1e-5, in PyTorch as well.
   */
  static final float SILENT_LOG_PROBABILITY = 0.1f;

  static final float RARE = -10;

  /** Of a mel energy, relative to the sum over the mel bins of its frame. */
  static final double MEL_ENERGY = 5e-6;

  /** Of a log mel energy: 999 in 1000, and all. */
  static final float LOG_MEL_ENERGY = 1e-4f;

  static final float LARGEST_LOG_MEL_ENERGY = 1e-2f;

  /** Feature maps of the embedding network, whose input already differs by the above. */
  static final float FEATURE_MAP = 2e-2f;

  static final float POOLED = 2e-3f;
  static final float EMBEDDING = 3e-3f;
  static final double COSINE_DISTANCE = 1e-6;

  /** Heights of a dendrogram of unit vectors that differ by the above. */
  static final double HEIGHT = 1e-3;

  /** Relative. The largest seen is 6e-6. */
  static final double TRAINING_LOSS = 2e-5;

  /** Of a gradient, L2 relative to its norm. The largest seen is 1.5e-3. */
  static final double GRADIENT = 5e-3;

  /** The same of the bias that every sample of the waveform shares: most of its sum cancels. */
  static final double WAVEFORM_BIAS_GRADIENT = 2e-2;

  /**
   * Below it a gradient is rounding, in PyTorch as well: that of a bias before an instance norm is
   * mathematically 0, and has norms up to 4e-7.
   */
  static final double NO_GRADIENT = 1e-6;

  /** Of a parameter after one step of Adam at a rate of 1e-3. */
  static final double STEP = 5e-4;

  /** Relative, over twenty steps. */
  static final double FINE_TUNING_LOSS = 1e-3;

  /**
   * The same of the small model, whose weights are almost random: where rounding decides the class
   * of a frame, and with it between two matchings of speakers, a step is off by up to 9.4e-3.
   * PyTorch itself, on another machine and one thread, is off by up to 1.4e-3 from its own record.
   */
  static final double TOSSED_LOSS = 1.5e-2;

  /** Of losses and rates on held-out chunks. */
  static final double DEVELOPMENT = 0.002;
}
