package dev.diarist;

/** Sees the stages of a diarization as they complete, on the thread that diarizes. */
@FunctionalInterface
public interface StageListener {
  /** Listens to nothing. */
  StageListener NONE = event -> {};

  void on(StageEvent event);
}
