package dev.diarist.cli;

import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import java.io.PrintWriter;

/** One line on a terminal that says which stage of a recording is at work and how far it is. */
final class ProgressBar implements StageListener {
  private static final int CELLS = 30;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String ERASE = "\r\u001b[K"; // back to the first column, erase to the end

  private final String uri;
  private final PrintWriter terminal;
  private long drawnAtNanos;
  private boolean drawn;

  ProgressBar(String uri, PrintWriter terminal) {
    this.uri = Failure.printable(uri);
    this.terminal = terminal;
  }

  @Override
  public synchronized void on(StageEvent event) {
    if (event instanceof StageEvent.Progress progress) {
      // A stage that works in batches may count the places that its last batch leaves empty.
      int completed = Math.min(progress.completed(), progress.total());
      draw(progress.stage(), completed, progress.total());
    }
  }

  private void draw(String stage, int completed, int total) {
    long now = System.nanoTime();
    if (drawn && completed < total && now - drawnAtNanos < REDRAW_NANOS) {
      return;
    }
    int cells = total == 0 ? CELLS : (int) ((long) CELLS * completed / total);
    terminal.print(
        "%s%s: %s [%s%s] %d/%d"
            .formatted(
                ERASE, uri, stage, "#".repeat(cells), ".".repeat(CELLS - cells), completed, total));
    terminal.flush();
    drawnAtNanos = now;
    drawn = true;
  }

  /** Takes the line off the terminal. */
  synchronized void erase() {
    if (drawn) {
      terminal.print(ERASE);
      terminal.flush();
      drawn = false;
    }
  }
}
