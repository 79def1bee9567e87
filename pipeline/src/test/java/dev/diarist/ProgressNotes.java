package dev.diarist;

import java.util.StringJoiner;

/** Writes progress down: {@code 0/4 32/4 4/4}. */
public final class ProgressNotes implements StageListener {
  private final String stage;
  private final StringJoiner notes = new StringJoiner(" ");

  /**
   * @param stage the only one that may make progress
   */
  public ProgressNotes(String stage) {
    this.stage = stage;
  }

  @Override
  public void on(StageEvent event) {
    if (event instanceof StageEvent.Progress progress) {
      if (!progress.stage().equals(stage)) {
        throw new AssertionError("progress of " + progress.stage() + " instead of " + stage);
      }
      notes.add(progress.completed() + "/" + progress.total());
    }
  }

  @Override
  public String toString() {
    return notes.toString();
  }
}
