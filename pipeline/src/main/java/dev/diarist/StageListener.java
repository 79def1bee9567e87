package dev.diarist;

/**
 * Sees the stages of a diarization as they complete, on the thread that diarizes. What it throws
 * ends that diarization and reaches its caller; the diarizer remains usable.
 */
@FunctionalInterface
public interface StageListener {
  /** Listens to nothing. */
  StageListener NONE = event -> {};

  void on(StageEvent event);
}
