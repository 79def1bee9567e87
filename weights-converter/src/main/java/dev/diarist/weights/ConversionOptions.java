package dev.diarist.weights;

import java.util.Objects;

/**
 * How a conversion writes what it reads.
 *
 * @param precision of floating point tensors
 * @param withFigures whether the networks are run, and what they answer is stored beside them for
 *     {@link Converter#check}
 * @param repositories where models are that a pipeline refers to by name
 */
public record ConversionOptions(
    Layout layout, Precision precision, boolean withFigures, RepositorySource repositories) {
  /** Everything as it is, from files at hand, without running the networks. */
  public static final ConversionOptions DEFAULT =
      new ConversionOptions(Layout.BUNDLE, Precision.AS_STORED, false, RepositorySource.NONE);

  public ConversionOptions {
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(repositories, "repositories");
  }

  /** What is written. */
  public enum Layout {
    /** A pipeline as a folder, a single network as one safetensors file. */
    BUNDLE,
    /** A segmentation network as a folder of diarizers: {@code model.} names and config.json. */
    DIARIZERS,
    /** Checkpoints as pyannote.audio 3.x loads them: a pipeline's folder, or a network's. */
    PYANNOTE,
    /** Any checkpoint as one safetensors file for PyTorch's {@code load_state_dict}. */
    STATE_DICT
  }

  /** Types of floating point tensors. */
  public enum Precision {
    AS_STORED,
    F16,
    F32
  }
}
