package dev.diarist.regions;

/** Which scores of the segmentation are written. */
public enum ScoreKind {
  /** (C, F, S): 1 where a local speaker is active, 0 elsewhere; or the probability of that. */
  MULTILABEL,
  /** (C, F, P): the natural logarithm of the probability of each set of local speakers. */
  LOG_PROBABILITIES,
  /** (N, 1): {@link RegionScores} of speech. */
  SPEECH,
  /** (N, 1): {@link RegionScores} of overlapped speech. */
  OVERLAP
}
