package dev.diarist;

/** Hears of the progress of a diarization and of what each stage made. */
@FunctionalInterface
public interface StageListener {
  /** Listens to nothing. */
  StageListener NONE = event -> {};

  void on(StageEvent event);
}
