package dev.diarist;

/** Something that happened in a stage of a diarization. */
public sealed interface StageEvent {

  /** {@code completed} of {@code total} steps of {@code stage} are done. */
  record Progress(String stage, int completed, int total) implements StageEvent {}
}
